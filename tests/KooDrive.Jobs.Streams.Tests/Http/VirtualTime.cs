using Microsoft.Extensions.Time.Testing;

namespace KooDrive.Jobs.Streams.Tests.Http;

/// <summary>Advances virtual time while a task waits for it.</summary>
internal static class VirtualTime
{
    /// <summary>Advances the time in steps until the task has completed, failed or been canceled.</summary>
    public static async Task RunAsync(this FakeTimeProvider time, Task task, TimeSpan step)
    {
        while (!task.IsCompleted)
        {
            time.Advance(step);
            await Task.Yield();
        }
    }
}
