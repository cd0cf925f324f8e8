namespace KooDrive.Jobs.Streams.Benchmarks;

public enum Transport
{
    /// <summary>A handler in memory: the client's own cost.</summary>
    InMemory,

    /// <summary>HTTP/1.1 on loopback, from a process of its own that sends pages rendered beforehand: the server costs little.</summary>
    Loopback,

    /// <summary>HTTP/1.1 on loopback, from the emulator in a process of its own.</summary>
    Emulator,
}
