namespace KooDrive.Jobs.Streams.Tests;

/// <summary>Tests that take longer than those of an inner loop should. CI runs them.</summary>
internal static class LongTests
{
    private const string Variable = "KOODRIVE_LONG_TESTS";

    public static bool AreEnabled { get; } = Environment.GetEnvironmentVariable(Variable) == "1";

    public static void SkipUnlessEnabled() => Assert.SkipUnless(AreEnabled, $"Set {Variable}=1 to run this test; .ci/run does.");
}
