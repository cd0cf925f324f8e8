using Microsoft.Extensions.Time.Testing;

namespace KooDrive.Jobs.Streams.Tests.Http;

/// <summary>Lets time pass while something waits for it.</summary>
internal static class VirtualTime
{
    /// <summary>Advances in steps until the task ends, whatever its end.</summary>
    public static async Task RunAsync(this FakeTimeProvider time, Task task, TimeSpan step)
    {
        while (!task.IsCompleted)
        {
            time.Advance(step);
            await Task.Yield();
        }
    }
}
