using KooDrive.Jobs.Streams.Errors;

namespace KooDrive.Jobs.Streams.Http;

/// <summary>Validates the options of a client.</summary>
internal static class JobsClientOptionsValidator
{
    private const string DocumentedEndpoint = "https://intl.myhuaweicloud-koodrive.com";
    private const int Kibibyte = 1024;

    private static readonly TimeSpan MinTimeout = TimeSpan.FromSeconds(0.1);
    private static readonly TimeSpan MaxTimestampOffset = TimeSpan.FromHours(14);

    public static OptionChecks Check(JobsClientOptions options)
    {
        // Several threads may validate the same options, whose Uri is not thread-safe.
        options = new JobsClientOptions(options);
        var checks = new OptionChecks();
        CheckEndpoint(checks, options);
        CheckHeaders(checks, options);
        CheckRanges(checks, options);
        return checks;
    }

    private static void CheckEndpoint(OptionChecks checks, JobsClientOptions options)
    {
        const string Name = nameof(options.Endpoint);
        if (options.Endpoint is not { } endpoint)
        {
            checks.Add($"{Name} is missing: set the base address of the service, such as {DocumentedEndpoint}.");
            return;
        }

        if (!endpoint.IsAbsoluteUri || (endpoint.Scheme != Uri.UriSchemeHttps && endpoint.Scheme != Uri.UriSchemeHttp))
        {
            checks.Add($"{Name} is not an absolute https address: set the base address of the service, such as {DocumentedEndpoint}.");
            return;
        }

        if (endpoint.Scheme == Uri.UriSchemeHttp && !endpoint.IsLoopback && !options.AllowHttp)
        {
            checks.Add($"{Name} is plain http to {endpoint.Host}, which exposes the credential: use https, or set {nameof(options.AllowHttp)}.");
        }

        if (endpoint.UserInfo.Length > 0)
        {
            checks.Add($"{Name} contains a user name or password: remove the text before '@', and use a credential instead.");
        }

        if (endpoint.Query.Length > 0 || endpoint.Fragment.Length > 0)
        {
            checks.Add($"{Name} contains a query or a fragment: remove the text from '?' or '#' on.");
        }
    }

    private static void CheckHeaders(OptionChecks checks, JobsClientOptions options)
    {
        if (string.IsNullOrEmpty(options.UserId))
        {
            checks.Add($"{nameof(options.UserId)} is missing: set the user's id on KooDrive.");
        }
        else if (!HeaderText.IsValue(options.UserId))
        {
            checks.Add($"{nameof(options.UserId)} is not valid: it {HeaderText.Rule}.");
        }

        if (!HeaderText.IsPrefix(options.AuthorizationPrefix))
        {
            checks.Add($"{nameof(options.AuthorizationPrefix)} is not valid: it must contain only visible ASCII characters, without line breaks and without a leading space.");
        }

        if (!HeaderText.IsValue(options.Language))
        {
            checks.Add($"{nameof(options.Language)} is not valid: it {HeaderText.Rule}. Set a language such as en-US.");
        }
    }

    private static void CheckRanges(OptionChecks checks, JobsClientOptions options)
    {
        if (options.TimestampOffset.Duration() > MaxTimestampOffset || options.TimestampOffset.Ticks % TimeSpan.TicksPerMinute != 0)
        {
            checks.Add($"{nameof(options.TimestampOffset)} is {options.TimestampOffset:c}: it must be whole minutes, -14 to 14 hours.");
        }

        checks.Number(nameof(options.MaxResponseBytes), options.MaxResponseBytes, Kibibyte, Kibibyte * Kibibyte * Kibibyte, "bytes");
        checks.Number(nameof(options.MaxRequestsPerSecond), options.MaxRequestsPerSecond, 0.01, 100_000, "requests per second");
        checks.Number(nameof(options.MaxRetries), options.MaxRetries, 0, 10, "retries");
        checks.Number(nameof(options.RetryBudget), options.RetryBudget, 1, 10_000, "retries");
        checks.Duration(nameof(options.RetryDelay), options.RetryDelay, TimeSpan.Zero, TimeSpan.FromMinutes(1));
        checks.Duration(nameof(options.MaxRetryDelay), options.MaxRetryDelay, TimeSpan.Zero, TimeSpan.FromMinutes(10));
        checks.Duration(nameof(options.AttemptTimeout), options.AttemptTimeout, MinTimeout, TimeSpan.FromMinutes(10));
        checks.Duration(nameof(options.RequestTimeout), options.RequestTimeout, MinTimeout, TimeSpan.FromHours(1));
        checks.Duration(nameof(options.ConnectionLifetime), options.ConnectionLifetime, TimeSpan.FromSeconds(1), OptionChecks.OneDay);
        if (options.AttemptTimeout > options.RequestTimeout)
        {
            checks.Add($"{nameof(options.AttemptTimeout)} is {OptionChecks.Seconds(options.AttemptTimeout)}: it must be at most "
                + $"{OptionChecks.Seconds(options.RequestTimeout)} ({nameof(options.RequestTimeout)}), which covers all attempts.");
        }
    }
}
