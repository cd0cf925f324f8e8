using System.Text.Json;

namespace KooDrive.Jobs.Streams.Accounts;

/// <summary>A job in a message between silos: its JSON, which includes the members that the library does not know.</summary>
[GenerateSerializer]
[Alias("koodrive.job")]
internal struct JobSurrogate
{
    [Id(0)]
    public byte[] Json;
}

/// <summary>Converts jobs to and from messages between silos.</summary>
[RegisterConverter]
internal sealed class JobConverter : IConverter<Job, JobSurrogate>
{
    public Job ConvertFromSurrogate(in JobSurrogate surrogate) => JsonSerializer.Deserialize(surrogate.Json, JobsJsonContext.Default.Job)!;

    public JobSurrogate ConvertToSurrogate(in Job value) => new() { Json = JsonSerializer.SerializeToUtf8Bytes(value, JobsJsonContext.Default.Job) };
}
