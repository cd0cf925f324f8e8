namespace KooDrive.Jobs.Streams.Tests.Orleans;

/// <summary>Tests that take longer than those of an inner loop should. CI runs them.</summary>
internal static class LongTests
{
    private const string Variable = "KOODRIVE_LONG_TESTS";

    public static void SkipUnlessEnabled() =>
        Assert.SkipUnless(Environment.GetEnvironmentVariable(Variable) == "1", $"Set {Variable}=1 to run this test; .ci/run does.");
}
