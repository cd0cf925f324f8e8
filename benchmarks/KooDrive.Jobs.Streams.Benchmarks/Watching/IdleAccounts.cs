using System.Diagnostics;
using System.Globalization;

namespace KooDrive.Jobs.Streams.Benchmarks;

/// <summary>Measures the watches of many accounts while nothing changes: each user has a list of 100 finished jobs on a server in memory.</summary>
internal static class IdleAccounts
{
    /// <summary>The number of jobs of each account.</summary>
    public const int Jobs = 100;

    // A watch is idle after the time for which it expects late jobs.
    private static readonly TimeSpan UntilIdle = TimeSpan.FromSeconds(90);

    private static readonly TimeSpan Measured = TimeSpan.FromSeconds(60);

    /// <summary>Starts accounts, waits until they are idle, and measures a minute.</summary>
    /// <param name="count">The number of accounts.</param>
    /// <param name="handler">The server.</param>
    /// <param name="startAsync">Starts the accounts.</param>
    /// <param name="isIdle">Called when the accounts are idle, before the minute; null for nothing.</param>
    public static async Task<IdleCost> MeasureAsync(int count, PageHandler handler, Func<Task> startAsync, Action? isIdle = null)
    {
        long heap = GC.GetTotalMemory(forceFullCollection: true);
        await startAsync();
        await Task.Delay(UntilIdle);

        isIdle?.Invoke();
        heap = GC.GetTotalMemory(forceFullCollection: true) - heap;
        (int requests, long bytes) = (handler.Requests, handler.Bytes);
        TimeSpan processor = Environment.CpuUsage.TotalTime;
        long start = Stopwatch.GetTimestamp();
        await Task.Delay(Measured);
        double minutes = Stopwatch.GetElapsedTime(start).TotalMinutes;
        processor = Environment.CpuUsage.TotalTime - processor;
        (requests, bytes) = (handler.Requests - requests, handler.Bytes - bytes);
        return new IdleCost(heap / count, processor.TotalMinutes / minutes, processor.TotalMicroseconds / requests, requests / minutes, bytes / minutes);
    }
}

/// <summary>The cost of idle accounts.</summary>
/// <param name="Heap">The retained memory of an account, in bytes.</param>
/// <param name="Cores">The processor time, as a number of cores.</param>
/// <param name="Microseconds">The processor time of a request.</param>
/// <param name="Requests">The requests per minute.</param>
/// <param name="Bytes">The size of the response bodies per minute.</param>
internal readonly record struct IdleCost(long Heap, double Cores, double Microseconds, double Requests, double Bytes)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"""
        heap of an account: {Heap:N0} bytes
        processor: {Cores:P0} of a core, {Microseconds:N0} us per request
        requests per minute: {Requests:N0}
        bytes per minute: {Bytes:N0}
        """);
}
