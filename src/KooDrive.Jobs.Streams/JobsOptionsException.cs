namespace KooDrive.Jobs.Streams;

/// <summary>Options that cannot work, with everything that is wrong with them at once.</summary>
public sealed class JobsOptionsException : ArgumentException
{
    /// <summary>Makes the exception; the library does, and tests of code that handles it may.</summary>
    /// <param name="failures">What is wrong and what to change, a sentence each; one at least.</param>
    /// <param name="parameterName">The parameter that the options came in.</param>
    /// <exception cref="ArgumentException"><paramref name="failures"/> is empty.</exception>
    public JobsOptionsException(IReadOnlyList<string> failures, string? parameterName = null)
        : base(Describe(failures), parameterName) => Failures = failures;

    /// <summary>What is wrong and what to change, a sentence each. Never a secret.</summary>
    public IReadOnlyList<string> Failures { get; }

    private static string Describe(IReadOnlyList<string> failures)
    {
        ArgumentNullException.ThrowIfNull(failures);
        ArgumentOutOfRangeException.ThrowIfZero(failures.Count, nameof(failures));
        return string.Join(' ', failures);
    }
}
