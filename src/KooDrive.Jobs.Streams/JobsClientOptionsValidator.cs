using System.Globalization;

namespace KooDrive.Jobs.Streams;

/// <summary>Finds everything that is wrong with options, so that one run shows it all.</summary>
internal static class JobsClientOptionsValidator
{
    private const string DocumentedEndpoint = "https://intl.myhuaweicloud-koodrive.com";
    private const int Kibibyte = 1024;

    /// <exception cref="JobsOptionsException">Something is wrong.</exception>
    public static void ThrowIfInvalid(JobsClientOptions options, string parameterName)
    {
        List<string> failures = Validate(options);
        if (failures.Count > 0)
        {
            throw new JobsOptionsException(failures, parameterName);
        }
    }

    public static List<string> Validate(JobsClientOptions options)
    {
        // Several threads may validate the same options, which hold a Uri that is not thread-safe.
        options = options.Copy();
        var failures = new List<string>();
        ValidateEndpoint(options, failures);
        ValidateIdentity(options, failures);
        ValidateRanges(options, failures);
        return failures;
    }

    private static void ValidateEndpoint(JobsClientOptions options, List<string> failures)
    {
        const string Name = nameof(JobsClientOptions.Endpoint);
        if (options.Endpoint is not { } endpoint)
        {
            failures.Add($"{Name} is missing: set the service's base address, such as {DocumentedEndpoint}.");
            return;
        }

        if (!endpoint.IsAbsoluteUri || (endpoint.Scheme != Uri.UriSchemeHttps && endpoint.Scheme != Uri.UriSchemeHttp))
        {
            failures.Add($"{Name} must be an absolute address that begins with https://, such as {DocumentedEndpoint}.");
            return;
        }

        if (endpoint.Scheme == Uri.UriSchemeHttp && !endpoint.IsLoopback && !options.AllowHttp)
        {
            failures.Add(
                $"{Name} is plain http to {endpoint.Host}, where credentials travel in the clear: use https, or set {nameof(JobsClientOptions.AllowHttp)}.");
        }

        if (endpoint.UserInfo.Length > 0)
        {
            failures.Add($"{Name} must not hold a user name or password: set {nameof(JobsClientOptions.Credential)} instead.");
        }

        if (endpoint.Query.Length > 0 || endpoint.Fragment.Length > 0)
        {
            failures.Add($"{Name} must not have a query or a fragment: leave out what begins with '?' or '#'.");
        }
    }

    private static void ValidateIdentity(JobsClientOptions options, List<string> failures)
    {
        if (string.IsNullOrEmpty(options.UserId))
        {
            failures.Add($"{nameof(JobsClientOptions.UserId)} is missing: set the user's id on KooDrive.");
        }
        else if (!HeaderText.IsValue(options.UserId))
        {
            failures.Add($"{nameof(JobsClientOptions.UserId)} {HeaderText.Rule}.");
        }

        if (options.Credential is null)
        {
            failures.Add(
                $"{nameof(JobsClientOptions.Credential)} is missing: set an {nameof(AccessTokenCredential)} or an {nameof(AppCredential)}.");
        }

        if (!HeaderText.IsPrefix(options.AuthorizationPrefix))
        {
            failures.Add(
                $"{nameof(JobsClientOptions.AuthorizationPrefix)} must hold visible ASCII characters only, without line breaks and without a space at its beginning.");
        }

        if (!HeaderText.IsValue(options.Language))
        {
            failures.Add($"{nameof(JobsClientOptions.Language)} {HeaderText.Rule}, such as en-US.");
        }
    }

    private static void ValidateRanges(JobsClientOptions options, List<string> failures)
    {
        if (options.TimestampOffset.Duration() > TimeSpan.FromHours(14) || options.TimestampOffset.Ticks % TimeSpan.TicksPerMinute != 0)
        {
            failures.Add(Invariant(
                $"{nameof(JobsClientOptions.TimestampOffset)} is {options.TimestampOffset}: it must be whole minutes between -14 and 14 hours."));
        }

        if (options.MaxResponseBytes is < Kibibyte or > Kibibyte * Kibibyte * Kibibyte)
        {
            failures.Add(Invariant(
                $"{nameof(JobsClientOptions.MaxResponseBytes)} is {options.MaxResponseBytes} bytes: it must be 1,024 (1 KiB) to 1,073,741,824 (1 GiB)."));
        }

        if (options.MaxRetries is < 0 or > 10)
        {
            failures.Add(Invariant($"{nameof(JobsClientOptions.MaxRetries)} is {options.MaxRetries}: it must be 0 to 10."));
        }

        if (options.RetryBudget is < 1 or > 10_000)
        {
            failures.Add(Invariant($"{nameof(JobsClientOptions.RetryBudget)} is {options.RetryBudget}: it must be 1 to 10,000."));
        }

        ValidateDuration(nameof(JobsClientOptions.RetryDelay), options.RetryDelay, 0, 60, failures);
        ValidateDuration(nameof(JobsClientOptions.MaxRetryDelay), options.MaxRetryDelay, 0, 600, failures);
        ValidateDuration(nameof(JobsClientOptions.AttemptTimeout), options.AttemptTimeout, 0.1, 600, failures);
        ValidateDuration(nameof(JobsClientOptions.RequestTimeout), options.RequestTimeout, 0.1, 3600, failures);
        ValidateDuration(nameof(JobsClientOptions.ConnectionLifetime), options.ConnectionLifetime, 1, 86400, failures);
        if (options.AttemptTimeout > options.RequestTimeout)
        {
            failures.Add(Invariant($"{nameof(JobsClientOptions.AttemptTimeout)} is {options.AttemptTimeout.TotalSeconds} s, longer than ")
                + Invariant($"{nameof(JobsClientOptions.RequestTimeout)}, {options.RequestTimeout.TotalSeconds} s, which holds every attempt: shorten the one or lengthen the other."));
        }
    }

    private static void ValidateDuration(string name, TimeSpan value, double least, double most, List<string> failures)
    {
        if (value < TimeSpan.FromSeconds(least) || value > TimeSpan.FromSeconds(most))
        {
            failures.Add(Invariant($"{name} is {value.TotalSeconds} s: it must be {least} to {most} s."));
        }
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
