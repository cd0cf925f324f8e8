using StackExchange.Redis;

namespace KooDrive.Jobs.Streams;

/// <summary>The options of a <see cref="RedisStreamSink"/>.</summary>
public sealed class RedisStreamSinkOptions
{
    /// <summary>The servers and how to connect to them. Required.</summary>
    public ConfigurationOptions? Configuration { get; set; }

    /// <summary>The key of the stream. Default <c>koodrive:jobs</c>.</summary>
    public string StreamKey { get; set; } = "koodrive:jobs";

    /// <summary>
    /// The approximate length to which the stream is trimmed, 1 or more entries. Null (the default) means no limit. Entries that no consumer has read are trimmed too.
    /// </summary>
    public int? MaxLength { get; set; }
}
