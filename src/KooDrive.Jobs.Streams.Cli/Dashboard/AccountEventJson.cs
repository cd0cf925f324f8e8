using System.Buffers;
using System.Net.ServerSentEvents;
using System.Text;
using System.Text.Json;
using KooDrive.Jobs.Streams.Cli.Connections;
using KooDrive.Jobs.Streams.Cli.Output;

namespace KooDrive.Jobs.Streams.Cli.Dashboard;

/// <summary>Writes the messages of <see cref="AccountEventStream"/>: the accounts, and the events of each account with its user id.</summary>
internal static class AccountEventJson
{
    /// <summary>A message that the page ignores.</summary>
    public static SseItem<string> Heartbeat { get; } = new("{}", "heartbeat");

    public static SseItem<string> Accounts(IReadOnlyList<Account> accounts) => Item("accounts", json =>
    {
        json.WriteStartArray("userIds");
        foreach (Account account in accounts)
        {
            json.WriteStringValue(account.UserId);
        }

        json.WriteEndArray();
    });

    /// <summary>The message before the events of a new subscription, which start with a snapshot.</summary>
    public static SseItem<string> Subscribed(Account account) => Item("subscribed", json => json.WriteString("userId", account.UserId));

    public static SseItem<string> Event(Account account, JobEvent jobEvent) => Item(jobEvent.Kind.ToWireName(), json =>
    {
        json.WriteString("userId", account.UserId);
        json.WritePropertyName("event");
        JsonSerializer.Serialize(json, Translate(jobEvent), JobsJsonContext.Default.JobEvent);
    });

    /// <summary>Writes the unfinished jobs of each account.</summary>
    public static void WriteUnfinished(Utf8JsonWriter json, IReadOnlyList<Account> accounts)
    {
        json.WriteStartArray();
        foreach (Account account in accounts)
        {
            json.WriteStartObject();
            json.WriteString("userId", account.UserId);
            json.WritePropertyName("jobs");
            JsonSerializer.Serialize(json, account.Watch.UnfinishedJobs, JobsJsonContext.Default.IReadOnlyListJob);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    // The page refers to the options of the command.
    private static JobEvent Translate(JobEvent jobEvent) => jobEvent switch
    {
        PollFailed failed => failed with { Exception = new JobsRemoteException(Describe(failed.Exception)) },
        WatchGap gap => gap with { Message = OptionNames.Translate(gap.Message) },
        _ => jobEvent,
    };

    // Messages of exceptions of other types may contain secrets.
    private static string Describe(Exception exception) => exception is JobsException
        ? OptionNames.Translate(exception.Message)
        : $"The poll failed: {exception.GetType().Name}. Repeat the command with --verbose to see the details.";

    private static SseItem<string> Item(string name, Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(buffer, JsonLine.Options))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }

        return new SseItem<string>(Encoding.UTF8.GetString(buffer.WrittenSpan), name);
    }
}
