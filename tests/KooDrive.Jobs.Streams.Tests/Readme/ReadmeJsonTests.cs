using System.Text.Json;
using System.Text.RegularExpressions;
using KooDrive.Jobs.Streams.Tests.Model;

namespace KooDrive.Jobs.Streams.Tests.Readme;

public sealed partial class ReadmeJsonTests
{
    private static readonly string[] CommonMembers = ["event", "poll", "observedAt"];

    [Fact]
    public void Table_contains_each_member_of_a_job_with_its_property()
    {
        string[][] rows = Rows("The members of a `Job`:");

        Assert.Equal(MembersOf(Samples.Full), rows.SelectMany(row => Quoted(row[0])));
        Assert.Equal(
            // ResultCodeText is the same member as text.
            typeof(Job).GetProperties().Where(property => property.CanWrite && property.Name != nameof(Job.ResultCodeText)).Select(property => property.Name),
            rows.SelectMany(row => Quoted(row[1])));
        Assert.All(rows, row =>
        {
            string name = Quoted(row[1]).Single();
            JsonElement json = JsonDocument.Parse(JsonSerializer.Serialize(Samples.Full)).RootElement.GetProperty(Quoted(row[0])[0]);
            object? value = typeof(Job).GetProperty(name)!.GetValue(Samples.Full);
            Assert.Equal(row[2].Split(',')[0], value is DateTimeOffset ? "time" : value is string ? "string" : "number");
            Assert.Equal(value is string or DateTimeOffset ? JsonValueKind.String : JsonValueKind.Number, json.ValueKind);
        });
    }

    [Fact]
    public void Table_contains_each_event_with_its_type_and_members() => Assert.Equal(
        Samples.Events.Select(one => $"{one.Kind.ToWireName()} {one.GetType().Name} {string.Join(' ', MembersOf(one).Except(CommonMembers))}"),
        Rows("The events.").Select(row => $"{Quoted(row[0])[0]} {Quoted(row[1])[0]} {string.Join(' ', Quoted(row[2]))}"));

    [Fact]
    public void Table_contains_each_code_with_its_name() => Assert.Equal(
        [
            .. Codes<JobType>("taskType", code => new Job { TaskId = "1", Type = code }),
            .. Codes<JobAction>("actionType", code => new Job { TaskId = "1", Action = code }),
            .. Codes<JobStatus>("status", code => new Job { TaskId = "1", Status = code }),
            .. Codes<JobResult>("taskResultCode", code => new Job { TaskId = "1", Result = code }),
            .. Enum.GetValues<WatchGapReason>().Select(reason => Code("reason", (int)reason, Written(new WatchGap { Reason = reason, Message = "" }, "reason"), reason)),
        ],
        Rows("The codes, and their names in JSON.").Select(row => $"{row[0]} {row[1]} {row[2]} {row[3]}"));

    private static IEnumerable<string> Codes<T>(string member, Func<T, Job> create)
        where T : struct, Enum => Enum.GetValues<T>().Select(code => Code(member, Convert.ToInt32(code, null), Written(create(code), member + "Name"), code));

    private static string Code(string member, int code, string name, Enum value) => $"`{member}` {code} `{name}` `{value.GetType().Name}.{value}`";

    private static string Written<T>(T value, string member) =>
        JsonDocument.Parse(JsonSerializer.Serialize(value)).RootElement.GetProperty(member).GetString()!;

    private static string[] MembersOf<T>(T value) =>
        [.. JsonDocument.Parse(JsonSerializer.Serialize(value)).RootElement.EnumerateObject().Select(member => member.Name)];

    private static string[] Quoted(string cell) => [.. Quotation().Matches(cell).Select(match => match.Groups["text"].Value)];

    /// <summary>Returns the cells of the first table after a text, without the header row.</summary>
    private static string[][] Rows(string text)
    {
        string table = ReadmeText.Content.Split($"\n{text}", 2)[1].Split("\n\n", 3)[1];
        return [.. table.Split('\n').Skip(2).Select(line => line.Trim('|').Split('|', StringSplitOptions.TrimEntries))];
    }

    [GeneratedRegex("`(?<text>[^`]+)`", RegexOptions.ExplicitCapture)]
    private static partial Regex Quotation();
}
