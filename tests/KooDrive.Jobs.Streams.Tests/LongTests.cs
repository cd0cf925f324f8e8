namespace KooDrive.Jobs.Streams.Tests;

/// <summary>Tests that take longer than those of an inner loop should. CI runs them.</summary>
internal static class LongTests
{
    private const string Variable = "KOODRIVE_LONG_TESTS";

    public static bool AreEnabled { get; } = Environment.GetEnvironmentVariable(Variable) == "1";

    /// <summary>Runs each case, if long tests are enabled. A failure names its case.</summary>
    public static async Task RunEachAsync<T>(IEnumerable<T> cases, Func<T, Task> run)
    {
        SkipUnlessEnabled();
        foreach (T next in cases)
        {
            Exception? failure = await Record.ExceptionAsync(() => run(next));
            Assert.True(failure is null, $"{next}: {failure}");
        }
    }

    public static void SkipUnlessEnabled() => Assert.SkipUnless(AreEnabled, $"Set {Variable}=1 to run this test; .ci/run does.");
}
