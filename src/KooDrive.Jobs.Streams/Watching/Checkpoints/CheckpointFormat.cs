using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using KooDrive.Jobs.Streams.Errors;
using KooDrive.Jobs.Streams.Watching.Tracking;

namespace KooDrive.Jobs.Streams.Watching.Checkpoints;

/// <summary>
/// The document of a checkpoint: a line with the name of the format, the version and the SHA-256 of the rest; then the state as JSON.
/// </summary>
internal static class CheckpointFormat
{
    private const string Name = "koodrive-jobs-checkpoint";
    private const int Version = 2;

    public static byte[] Write(TrackerState state)
    {
        byte[] body = JsonSerializer.SerializeToUtf8Bytes(state, CheckpointJson.Default.TrackerState);
        return [.. Encoding.ASCII.GetBytes($"{Name} {Version} {Checksum(body)}\n"), .. body];
    }

    /// <exception cref="JobCheckpointException">The checkpoint is damaged, has another version, or belongs to another watch.</exception>
    public static TrackerState Read(ReadOnlySpan<byte> checkpoint, JobType? type, IJobCheckpointStore store)
    {
        int end = checkpoint.IndexOf((byte)'\n');
        string[] header = end < 0 ? [] : Encoding.ASCII.GetString(checkpoint[..end]).Split(' ');
        if (header.Length != 3 || header[0] != Name)
        {
            throw new JobCheckpointException(store, "is not a checkpoint of this library, or its header is damaged");
        }

        if (header[1] != $"{Version}")
        {
            throw new JobCheckpointException(store, $"has version {SafeText.Code(header[1])}, and this library reads version {Version}");
        }

        ReadOnlySpan<byte> body = checkpoint[(end + 1)..];
        if (header[2] != Checksum(body))
        {
            throw new JobCheckpointException(store, "is damaged: its checksum does not match");
        }

        TrackerState state = Parse(body, store);
        return state.Type == type
            ? state
            : throw new JobCheckpointException(store, $"belongs to a watch of {Describe(state.Type)}, and this watch is of {Describe(type)}");
    }

    private static TrackerState Parse(ReadOnlySpan<byte> body, IJobCheckpointStore store)
    {
        try
        {
            return JsonSerializer.Deserialize(body, CheckpointJson.Default.TrackerState) ?? throw new JsonException("There is no state.");
        }
        catch (JsonException exception)
        {
            throw new JobCheckpointException(store, "has content that is invalid for its version", exception);
        }
    }

    private static string Checksum(ReadOnlySpan<byte> body) => Convert.ToHexStringLower(SHA256.HashData(body));

    private static string Describe(JobType? type) => type is { } only ? $"jobs of type {only}" : "jobs of every type";
}

/// <summary>How the state of a checkpoint is written: the converter is made at compile time, for which no reflection is needed.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    Converters = [typeof(SavedJobConverter), typeof(RecentJobConverter), typeof(TimeConverter)])]
[JsonSerializable(typeof(TrackerState))]
internal sealed partial class CheckpointJson : JsonSerializerContext;
