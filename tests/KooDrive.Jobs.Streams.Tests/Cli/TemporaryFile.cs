namespace KooDrive.Jobs.Streams.Tests.Cli;

/// <summary>A file that is deleted when the test ends.</summary>
internal sealed class TemporaryFile : IDisposable
{
    public TemporaryFile(string text) => File.WriteAllText(Path, text);

    public string Path { get; } = System.IO.Path.Combine(System.IO.Path.GetTempPath(), System.IO.Path.GetRandomFileName());

    public void Dispose()
    {
        File.Delete(Path);

        // Of a checkpoint.
        File.Delete(Path + ".lock");
    }
}
