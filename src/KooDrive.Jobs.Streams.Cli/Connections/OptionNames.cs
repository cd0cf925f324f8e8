using System.Text.RegularExpressions;

namespace KooDrive.Jobs.Streams.Cli.Connections;

/// <summary>
/// Replaces the property names in messages of the library with the option names of the command, and removes advice about properties without an option.
/// </summary>
internal static partial class OptionNames
{
    private const string ConfigureRedirects = "Configure the HttpClient not to follow redirects, and set";

    // Only a watch has a type filter, and only the command `wait` requests a job of a watch by id.
    private const string TypeFilter = ", the account and the type filter of the watch";

    // The command has no options for the limits of a watch.
    private const string GapAdvice =
        " Increase (MaxUnfinishedJobs to track them|MaxRequestsPerPoll if this repeats)\\.| Process events faster, or increase SubscriberBufferCapacity\\.";

    /// <summary>Returns the message with the option names of the command. Text in quotes is from the server and stays unchanged.</summary>
    public static string Translate(string message) => Names().Replace(message, match => match.Value switch
    {
        nameof(JobsClientOptions.Endpoint) => "--endpoint",
        nameof(JobsClientOptions.UserId) => "--user-id",
        nameof(JobsClientOptions.AuthorizationPrefix) => "--authorization-prefix",
        nameof(JobsClientOptions.Language) => "--language",
        nameof(JobsClientOptions.AllowHttp) => "--allow-http",
        nameof(JobWatchOptions.PollInterval) => "--interval",
        nameof(JobWatchOptions.MinPollInterval) => "--min-interval",
        nameof(JobWatchOptions.MaxPollInterval) => "--max-interval",
        ['"', ..] quoted => quoted,
        ConfigureRedirects => "Set",
        TypeFilter => " and the account",
        _ => "",
    });

    [GeneratedRegex(
        "\"[^\"]*\"|" + ConfigureRedirects + "|" + TypeFilter + "|" + GapAdvice + "|, or increase (the limit|the timeout|MaxRequestsPerSecond or the timeout)|"
        + " \\((MaxResponseBytes|RequestTimeout|AttemptTimeout)\\)|\\b(Endpoint|UserId|AuthorizationPrefix|Language|AllowHttp|PollInterval|MinPollInterval|MaxPollInterval)\\b")]
    private static partial Regex Names();
}
