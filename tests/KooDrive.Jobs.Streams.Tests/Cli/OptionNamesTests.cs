using System.Reflection;
using KooDrive.Jobs.Streams.Cli.Connections;
using KooDrive.Jobs.Streams.Cli.Dashboard;
using KooDrive.Jobs.Streams.Cli.Watching;
using KooDrive.Jobs.Streams.Errors;
using KooDrive.Jobs.Streams.Http;

namespace KooDrive.Jobs.Streams.Tests.Cli;

public class OptionNamesTests
{
    // The command has no rate limiter and no handler of its own.
    private static readonly string[] Impossible = [nameof(FailureText.LimiterDenied), nameof(FailureText.LimiterFailed), nameof(FailureText.HandlerFailed)];

    public static TheoryData<string> Messages => [.. typeof(FailureText).GetMethods(BindingFlags.Public | BindingFlags.Static)
        .Where(method => method.GetParameters() is [.., { Name: "facts" }] && !Impossible.Contains(method.Name))
        .Select(method => (string)method.Invoke(null, [.. method.GetParameters().Select(Argument)])!)];

    [Theory]
    [MemberData(nameof(Messages))]
    public void Translate_leaves_no_option_of_the_library_in_a_message(string message)
    {
        string translated = OptionNames.Translate(message);

        IEnumerable<string> names = new[] { typeof(JobsClientOptions), typeof(JobWatchOptions), typeof(JobListingOptions) }
            .SelectMany(options => options.GetProperties())
            .Select(property => property.Name)
            .Append("HttpClient")
            .Append("increase");
        Assert.DoesNotMatch($@"\b({string.Join('|', names)})\b", translated);
        Assert.DoesNotMatch(@" [.,)]|\(\)|  ", translated);
        Assert.EndsWith(", offset 7)", translated.Replace("(offset", ", offset", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public void Translate_removes_the_type_filter_of_a_watch() => Assert.Equal(
        "The list does not contain job 5. Check the id and the account.",
        OptionNames.Translate(new JobNotFoundException("5").Message));

    [Theory]
    [InlineData("Increase MaxUnfinishedJobs to track them.")]
    [InlineData("Increase MaxRequestsPerPoll if this repeats.")]
    [InlineData("Process events faster, or increase SubscriberBufferCapacity.")]
    public async Task Command_and_page_show_a_gap_without_options_of_the_library(string advice)
    {
        const string Text = "Changes may have been missed.";
        var gap = new WatchGap { Reason = WatchGapReason.TooManyUnfinished, Message = $"{Text} {advice}" };
        await using var watch = JobWatch.FromEvents();

        Assert.EndsWith($"gap        {Text}", EventText.Describe(gap, unfinished: 0)!.Value.Text, StringComparison.Ordinal);
        string shown = AccountEventJson.Event(new Account("1", watch), gap).Data;
        Assert.Contains($"\"message\":\"{Text}\"", shown, StringComparison.Ordinal);
    }

    [Fact]
    public void Translate_keeps_text_of_the_server()
    {
        const string Quoted = "\"Endpoint (RequestTimeout), or increase the limit\"";

        Assert.Equal($"Check --endpoint. (HTTP 500, {Quoted}, offset 0)", OptionNames.Translate($"Check Endpoint. (HTTP 500, {Quoted}, offset 0)"));
    }

    private static object? Argument(ParameterInfo parameter) => parameter switch
    {
        { Name: "facts" } => new RequestFacts { Offset = 7, Limit = 100 },
        { Name: "option" } => nameof(JobsClientOptions.AttemptTimeout),
        { ParameterType: var type } when type == typeof(string) => "text",
        { ParameterType: var type } when type == typeof(int) => 8,
        { ParameterType: var type } when type == typeof(TimeSpan) => TimeSpan.FromSeconds(8),
        _ => new IOException("text"),
    };
}
