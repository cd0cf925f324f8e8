using StackExchange.Redis;

namespace KooDrive.Jobs.Streams;

/// <summary>The options of a <see cref="RedisStreamSink"/>.</summary>
/// <remarks>
/// The constructor of the sink validates and copies the options: every error is listed in one <see cref="JobsOptionsException"/>. Configuration can bind every option.
/// </remarks>
public sealed class RedisStreamSinkOptions
{
    /// <summary>
    /// The servers and how to connect to them, as in <c>redis1:6379,redis2:6379,ssl=true,password=…</c> (the format of StackExchange.Redis). Required unless the sink
    /// receives a connection.
    /// </summary>
    public string? Configuration { get; set; }

    /// <summary>The key of the stream. Default <c>koodrive:jobs</c>.</summary>
    public string StreamKey { get; set; } = "koodrive:jobs";

    /// <summary>
    /// The approximate length to which the stream is trimmed, 1 or more entries. Null (the default) means no limit. Entries that no consumer has read are trimmed too.
    /// </summary>
    public int? MaxLength { get; set; }

    /// <summary>Returns a valid copy that later changes do not affect.</summary>
    /// <exception cref="JobsOptionsException">The options are invalid; the exception lists every error.</exception>
    internal RedisStreamSinkOptions Validated(bool hasConnection, string parameterName)
    {
        string[] failures = [.. FindFailures(hasConnection)];
        return failures.Length == 0 ? (RedisStreamSinkOptions)MemberwiseClone() : throw new JobsOptionsException(failures, parameterName);
    }

    /// <summary>Returns what is wrong and what to change, a sentence for each error.</summary>
    /// <param name="hasConnection">Whether the sink receives a connection.</param>
    internal IEnumerable<string> FindFailures(bool hasConnection)
    {
        if (Configuration is null && !hasConnection)
        {
            yield return $"{nameof(Configuration)} is missing: set the address of Redis, such as redis1:6379.";
        }
        else if (Configuration is not null && !IsValid(Configuration))
        {
            yield return $"{nameof(Configuration)} is not valid: it must be a list of addresses and settings of StackExchange.Redis, such as redis1:6379,ssl=true.";
        }

        if (string.IsNullOrEmpty(StreamKey))
        {
            yield return $"{nameof(StreamKey)} is empty: set it, or remove it to use the default.";
        }

        if (MaxLength < 1)
        {
            yield return $"{nameof(MaxLength)} is {MaxLength}: it must be 1 or more entries, or null.";
        }
    }

    // The message of the exception is not used: it can contain a part of a password.
    private static bool IsValid(string configuration)
    {
        try
        {
            return ConfigurationOptions.Parse(configuration).EndPoints.Count > 0;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
