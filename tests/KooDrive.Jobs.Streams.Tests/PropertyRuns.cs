namespace KooDrive.Jobs.Streams.Tests;

/// <summary>The divisor of the number of runs of each property.</summary>
internal static class PropertyRuns
{
#if FEW_RUNS
    /// <summary>Mutation testing runs the properties for each mutant; few runs detect nearly as many mutants as all runs.</summary>
    public const int Divisor = 50;
#else
    /// <summary>All runs.</summary>
    public const int Divisor = 1;
#endif
}
