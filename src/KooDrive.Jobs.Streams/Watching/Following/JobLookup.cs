namespace KooDrive.Jobs.Streams;

/// <summary>Asks for a job that the retained state does not have. Compared by reference: whoever asks later needs an answer of its own.</summary>
internal sealed class JobLookup(string taskId)
{
    public string TaskId => taskId;
}
