using System.Text.RegularExpressions;

namespace KooDrive.Jobs.Streams.Cli.Connections;

/// <summary>The library's messages name the properties of its options; whoever types a command knows them by other names.</summary>
internal static partial class OptionNames
{
    /// <summary>The message with the command's names, but for what stands in quotes: those are the server's words.</summary>
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
        var other => other,
    });

    [GeneratedRegex("\"[^\"]*\"|\\b(Endpoint|UserId|AuthorizationPrefix|Language|AllowHttp|PollInterval|MinPollInterval|MaxPollInterval)\\b")]
    private static partial Regex Names();
}
