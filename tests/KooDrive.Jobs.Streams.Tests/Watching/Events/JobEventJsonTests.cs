using System.Text.Json;
using KooDrive.Jobs.Streams.Tests.Model;

namespace KooDrive.Jobs.Streams.Tests.Watching.Events;

public sealed class JobEventJsonTests
{
    [Fact]
    public void Events_other_than_failures_are_equal_after_a_round_trip() => Assert.All(
        Samples.Events.Where(one => one is not PollFailed),
        one =>
        {
            Assert.Equal(one, JsonSerializer.Deserialize<JobEvent>(JsonSerializer.Serialize(one)));
            Assert.Equal(one, JsonSerializer.Deserialize(JsonSerializer.Serialize(one, JobsJsonContext.Default.JobEvent), JobsJsonContext.Default.JobEvent));
        });

    [Fact]
    public void Event_has_the_same_JSON_whichever_type_it_is_written_as() => Assert.All(
        Samples.Events,
        one =>
        {
            string json = JsonSerializer.Serialize(one);
            Assert.Equal(json, JsonSerializer.Serialize(one, one.GetType()));
            Assert.Equal(json, JsonSerializer.Serialize<object>(one, JsonSerializerOptions.Web));
            Assert.Equal(json, JsonSerializer.Serialize(one, one.GetType(), JobsJsonContext.Default));
            Assert.Equal(one.Kind, ((JobEvent)JsonSerializer.Deserialize(json, one.GetType())!).Kind);
        });

    [Theory]
    [InlineData(1, """{"event":"synced","poll":1,"observedAt":"2023-12-27T15:19:04+00:00"}""")]
    [InlineData(5, """{"event":"gap","poll":5,"observedAt":"2023-12-27T15:19:04+00:00","reason":"requestsExhausted","message":"Changes may be missing."}""")]
    [InlineData(6, """{"event":"pollFailed","poll":6,"observedAt":"2023-12-27T15:19:04+00:00","error":"down","attempt":2,"retryInSeconds":2.5}""")]
    [InlineData(7, """{"event":"pollCompleted","poll":7,"observedAt":"2023-12-27T15:19:04+00:00","requests":1,"jobs":100,"changes":2,"durationInSeconds":0.1234567}""")]
    public void Event_is_written_as_documented(int index, string json) => Assert.Equal(json, JsonSerializer.Serialize(Samples.Events[index]));

    [Fact]
    public void Events_about_jobs_have_the_task_id_and_the_states_of_their_kind() => Assert.Equal(
        ["taskId current", "taskId current", "taskId previous current", "taskId previous"],
        Samples.Events.Where(one => one is JobListed or JobChange).Select(one => string.Join(
            ' ', JsonDocument.Parse(JsonSerializer.Serialize(one)).RootElement.EnumerateObject().Select(member => member.Name).Skip(3))));

    [Fact]
    public void PollFailed_is_read_as_JobsRemoteException_with_its_text()
    {
        var failed = (PollFailed)Samples.Events[6];
        string json = JsonSerializer.Serialize<JobEvent>(failed);

        PollFailed read = Assert.IsType<PollFailed>(JsonSerializer.Deserialize<JobEvent>(json));

        JobsRemoteException exception = Assert.IsType<JobsRemoteException>(read.Exception);
        Assert.Equal(("down", true), (exception.Message, exception.IsTransient));
        Assert.Equal(failed, read with { Exception = failed.Exception });
        Assert.Equal(json, JsonSerializer.Serialize<JobEvent>(read));
    }

    [Fact]
    public void PollFailed_contains_only_the_type_of_foreign_exceptions()
    {
        JobEvent failed = new PollFailed { Exception = new IOException("very-secret"), ConsecutiveFailureCount = 1, Delay = TimeSpan.Zero };

        string json = JsonSerializer.Serialize(failed);

        Assert.DoesNotContain("very-secret", json, StringComparison.Ordinal);
        Assert.Contains("\"error\":\"The poll failed: IOException. See the log for details.\"", json, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_cleans_the_messages_of_another_process()
    {
        string message = "a\\u001b[2J\\n" + new string('x', 10_000);

        var failed = (PollFailed)JsonSerializer.Deserialize<JobEvent>($$"""{"event":"pollFailed","error":"{{message}}","retryInSeconds":1}""")!;
        var gap = (WatchGap)JsonSerializer.Deserialize<JobEvent>($$"""{"event":"gap","reason":1,"message":"{{message}}"}""")!;

        Assert.All((string[])[failed.Exception.Message, gap.Message], text =>
        {
            Assert.StartsWith("a [2J xxx", text, StringComparison.Ordinal);
            Assert.InRange(text.Length, 1_000, 5_000);
        });
    }

    [Theory]
    [InlineData("""{"event":"gap","reason":{"event":"synced"}}""")]
    [InlineData("""{"event":"synced","reason":[1]}""")]
    public void Read_rejects_a_reason_that_is_neither_a_name_nor_a_number(string json) =>
        Assert.StartsWith("The reason is neither", Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<JobEvent>(json)).Message, StringComparison.Ordinal);

    [Fact]
    public void Read_accepts_members_in_any_order_and_states_without_task_ids() => Assert.Equal(
        new JobChanged
        {
            Poll = 7,
            ObservedAt = new DateTimeOffset(2026, 1, 1, 0, 0, 35, TimeSpan.Zero),
            Job = new Job { TaskId = "1", Status = JobStatus.Completed },
            Previous = new Job { TaskId = "1", Status = JobStatus.Processing },
        },
        JsonSerializer.Deserialize<JobChange>(
            """{"previous":{"status":1},"current":{"taskId":"1","status":2},"new":{},"observedAt":"2026-01-01T00:00:35+00:00","poll":7,"event":"changed"}"""));

    [Fact]
    public void WatchGap_has_the_number_of_a_reason_without_a_name()
    {
        JobEvent gap = new WatchGap { Reason = (WatchGapReason)99, Message = "" };

        Assert.Contains("\"reason\":99", JsonSerializer.Serialize(gap), StringComparison.Ordinal);
        Assert.Equal(gap, JsonSerializer.Deserialize<JobEvent>(JsonSerializer.Serialize(gap)));
    }

    [Theory]
    [InlineData("""{}""")]
    [InlineData("""{"event":"other"}""")]
    [InlineData("""{"event":1}""")]
    [InlineData("""{"event":"added"}""")]
    [InlineData("""{"event":"added","current":{}}""")]
    [InlineData("""{"event":"vanished","current":{"taskId":"1"}}""")]
    [InlineData("""{"event":"gap","reason":"other"}""")]
    [InlineData("""{"event":"pollFailed"}""")]
    [InlineData("""{"event":"pollFailed","error":"e","attempt":0}""")]
    [InlineData("""{"event":"pollFailed","error":"e","retryInSeconds":1e20}""")]
    [InlineData("""{"event":"pollFailed","error":"e","retryInSeconds":-1}""")]
    [InlineData("""{"event":"pollCompleted","requests":-1}""")]
    [InlineData("""{"event":"synced","poll":-1}""")]
    public void Read_rejects_values_that_are_not_events(string json) => Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<JobEvent>(json));

    [Theory]
    [InlineData("""[]""")]
    [InlineData("1")]
    [InlineData("\"synced\"")]
    public void Read_rejects_values_that_are_not_objects(string json) =>
        Assert.Equal("An event must be an object.", Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<JobEvent>(json)).Message);

    [Fact]
    public void Read_reports_why_an_event_is_invalid() => Assert.StartsWith(
        "The event is invalid: The previous state belongs to job 2, not to job 1.",
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<JobEvent>("""{"event":"changed","current":{"taskId":"1"},"previous":{"taskId":"2"}}""")).Message,
        StringComparison.Ordinal);

    [Fact]
    public void Read_uses_any_task_id_of_the_event_for_states_without_one() => Assert.All(
        (string[])
        [
            """{"event":"changed","taskId":"1","current":{"status":2},"previous":{"status":1}}""",
            """{"event":"changed","current":{"status":2},"previous":{"taskId":"1","status":1}}""",
            """{"event":"changed","current":{"taskId":"1","status":2},"previous":{"status":1}}""",
        ],
        json => Assert.Equal(
            new JobChanged { Job = new Job { TaskId = "1", Status = JobStatus.Completed }, Previous = new Job { TaskId = "1", Status = JobStatus.Processing } },
            JsonSerializer.Deserialize<JobEvent>(json)));

    [Fact]
    public void Read_reports_the_ids_of_a_state_of_another_job() => Assert.Equal(
        "The event belongs to job 1, but its member 'current' to job 2.",
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<JobEvent>("""{"event":"added","taskId":"1","current":{"taskId":"2"}}""")).Message);

    [Fact]
    public void Read_accepts_a_change_without_a_previous_state_and_a_gap_without_a_message()
    {
        var reappeared = new JobChanged { Job = new Job { TaskId = "1", Status = JobStatus.Processing } };
        var gap = new WatchGap { Reason = WatchGapReason.OrderChanged, Message = "" };

        Assert.Equal(reappeared, JsonSerializer.Deserialize<JobEvent>(JsonSerializer.Serialize<JobEvent>(reappeared)));
        Assert.Equal(gap, JsonSerializer.Deserialize<JobEvent>("""{"event":"gap","reason":"orderChanged"}"""));
    }

    [Fact]
    public void Converter_rejects_null_arguments_by_name()
    {
        var converter = new JobEventJsonConverter<JobEvent>();
        using var writer = new Utf8JsonWriter(Stream.Null);

        Assert.Throws<ArgumentNullException>("writer", () => converter.Write(null!, Samples.Events[0], JsonSerializerOptions.Default));
        Assert.Throws<ArgumentNullException>("value", () => converter.Write(writer, null!, JsonSerializerOptions.Default));
    }

    [Fact]
    public void Read_rejects_an_event_of_another_type() => Assert.Equal(
        "The event 'synced' is not a JobChanged.",
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<JobChanged>("""{"event":"synced"}""")).Message);
}
