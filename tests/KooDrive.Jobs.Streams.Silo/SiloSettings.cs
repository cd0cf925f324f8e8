namespace KooDrive.Jobs.Streams.Silo;

/// <summary>The settings of a silo of a test.</summary>
public sealed record SiloSettings
{
    /// <summary>The port of Redis on loopback.</summary>
    public required int RedisPort { get; init; }

    /// <summary>The id of the cluster, also the prefix of its keys and the key of its stream.</summary>
    public required string ClusterId { get; init; }

    /// <summary>The id under which the state is stored; null for the id of the cluster.</summary>
    public string? ServiceId { get; init; }

    /// <summary>The port of the silo on loopback.</summary>
    public required int SiloPort { get; init; }

    /// <summary>The port of the gateway on loopback.</summary>
    public required int GatewayPort { get; init; }

    /// <summary>The poll interval in seconds.</summary>
    public double PollInterval { get; init; } = 1;

    /// <summary>The request rate of the cluster; null for no limit.</summary>
    public double? MaxRequestsPerSecond { get; init; }

    /// <summary>Whether membership is tuned to declare a silo dead after about two seconds, instead of the defaults.</summary>
    public bool FailsFast { get; init; }
}
