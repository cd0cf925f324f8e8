namespace KooDrive.Jobs.Streams.Tests;

/// <summary>How often the properties are tried.</summary>
internal static class PropertyRuns
{
#if FEW_RUNS
    /// <summary>Mutation testing runs them for each mutant: the first few find nearly everything that all of them do.</summary>
    public const int Divisor = 50;
#else
    /// <summary>As often as they say.</summary>
    public const int Divisor = 1;
#endif
}
