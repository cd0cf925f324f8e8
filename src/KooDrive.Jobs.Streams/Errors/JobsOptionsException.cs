namespace KooDrive.Jobs.Streams;

/// <summary>Thrown when options are invalid; lists every error.</summary>
public sealed class JobsOptionsException : ArgumentException
{
    /// <summary>Creates the exception, for the library and for tests of code that handles it.</summary>
    /// <param name="failures">What is wrong and what to change, a sentence for each error. At least one.</param>
    /// <param name="parameterName">The parameter that the options were passed as; null if there is none.</param>
    /// <exception cref="ArgumentException"><paramref name="failures"/> is empty.</exception>
    public JobsOptionsException(IReadOnlyList<string> failures, string? parameterName = null)
        : base(Describe(failures), parameterName) => Failures = failures;

    /// <summary>What is wrong and what to change, a sentence for each error. Contains no secrets.</summary>
    public IReadOnlyList<string> Failures { get; }

    private static string Describe(IReadOnlyList<string> failures)
    {
        ArgumentNullException.ThrowIfNull(failures);
        ArgumentOutOfRangeException.ThrowIfZero(failures.Count, nameof(failures));
        return string.Join(' ', failures);
    }
}
