namespace KooDrive.Jobs.Streams.Benchmarks;

public enum Transport
{
    /// <summary>A handler in memory, to measure only the client.</summary>
    InMemory,

    /// <summary>HTTP/1.1 on loopback from a separate process that sends prepared pages, so that the server costs little.</summary>
    Loopback,

    /// <summary>HTTP/1.1 on loopback from the emulator in a separate process.</summary>
    Emulator,
}
