using System.Diagnostics;
using System.Net;
using KooDrive.Jobs.Streams.Tests.Http;
using KooDrive.Jobs.Streams.Tests.Http.Reading;

namespace KooDrive.Jobs.Streams.Tests.Diagnostics;

public class ListingSpanTests
{
    // The end of the documented list again, which proves to the walk that it is the end.
    private const string LastJob = """{"code":0,"msg":"OK","data":[{"taskId":"1320279092268104960"}]}""";

    [Fact]
    public async Task ListJobs_starts_a_span_with_a_child_span_per_page()
    {
        using var handler = new StubHandler(_ => StubHandler.Page(Pages.Documented), _ => StubHandler.Page(LastJob));
        await using var measured = new MeasuredClient(handler, "archive");
        using var recorder = new SpanRecorder();

        int listed = await measured.Client.ListJobs(new JobQuery { Type = JobType.BatchDeletion }).CountAsync(TestClients.Cancellation);

        Assert.Equal(2, listed);
        Activity walk = Assert.Single(recorder.Named("koodrive.jobs.list"));
        Assert.Equal(recorder.Root.SpanId, walk.ParentSpanId);
        Assert.Equal("BatchDeletion", walk.GetTagItem("koodrive.jobs.query.type"));
        Assert.Null(walk.GetTagItem("koodrive.jobs.query.status"));
        Assert.Equal("drive.example", walk.GetTagItem("server.address"));
        Assert.Equal("archive", walk.GetTagItem("koodrive.jobs.client.name"));
        Assert.Equal((2L, 2L, 2L, 0L), (Tag(walk, "pages"), Tag(walk, "jobs"), Tag(walk, "requests"), Tag(walk, "shifts")));
        Assert.Equal((false, true), (Tag(walk, "resumed"), Tag(walk, "completed")));
        Assert.Equal(ActivityStatusCode.Unset, walk.Status);

        IReadOnlyList<Activity> pages = recorder.Named("koodrive.jobs.page");
        Assert.All(pages, page => Assert.Equal(walk.SpanId, page.ParentSpanId));
        Assert.Equal([0L, 1L], pages.Select(page => page.GetTagItem("koodrive.jobs.page.offset")));
        Assert.Equal([2, 1], pages.Select(page => page.GetTagItem("koodrive.jobs.page.jobs")));
        Assert.Equal([200, 200], pages.Select(page => page.GetTagItem("http.response.status_code")));

        static object? Tag(Activity span, string name) => span.GetTagItem($"koodrive.jobs.listing.{name}");
    }

    [Fact]
    public async Task GetPageAsync_sends_the_trace_id_of_the_page_span()
    {
        using var handler = new StubHandler(_ => StubHandler.Page());
        await using var measured = new MeasuredClient(handler);
        using var recorder = new SpanRecorder();

        await measured.Client.GetAsync();

        Activity page = Assert.Single(recorder.Spans);
        Assert.StartsWith($"{page.TraceId}{page.SpanId}", handler.Header(0, "X-Traceid"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ListJobs_does_not_change_the_current_activity_of_the_caller()
    {
        using var handler = new StubHandler(_ => StubHandler.Page(Pages.Documented), _ => StubHandler.Page(LastJob));
        await using var measured = new MeasuredClient(handler);
        using var recorder = new SpanRecorder();

        await foreach (Job job in measured.Client.ListJobs().WithCancellation(TestClients.Cancellation))
        {
            Assert.Same(recorder.Root, Activity.Current);
        }

        Assert.Same(recorder.Root, Activity.Current);
        Assert.Single(recorder.Named("koodrive.jobs.list"));
    }

    [Fact]
    public async Task ListJobs_records_a_failure_on_both_spans_and_each_retry_as_an_event()
    {
        using var handler = new StubHandler(_ => StubHandler.Respond(HttpStatusCode.ServiceUnavailable, """{"code":7,"msg":"busy"}"""));
        await using var measured = new MeasuredClient(handler, change: options => options.MaxRetries = 1);
        using var recorder = new SpanRecorder();

        Task<int> counting = measured.Client.ListJobs().CountAsync(TestClients.Cancellation).AsTask();
        await measured.Time.RunAsync(counting, TimeSpan.FromSeconds(1));
        await Assert.ThrowsAsync<JobsServerException>(() => counting);

        Assert.Equal(2, recorder.Spans.Count);
        Assert.All(recorder.Spans, span =>
        {
            Assert.Equal(ActivityStatusCode.Error, span.Status);
            Assert.Contains("busy", span.StatusDescription, StringComparison.Ordinal);
            Assert.Equal("KooDrive.Jobs.Streams.JobsServerException", span.GetTagItem("error.type"));
        });
        Activity page = Assert.Single(recorder.Named("koodrive.jobs.page"));
        Assert.Equal(1, page.GetTagItem("http.request.resend_count"));
        ActivityEvent retry = Assert.Single(page.Events);
        Assert.Equal("koodrive.jobs.retry", retry.Name);
        Assert.Contains(KeyValuePair.Create("http.response.status_code", (object?)503), retry.Tags);
    }

    [Fact]
    public async Task ListJobs_ends_its_span_without_an_error_when_the_loop_ends_early()
    {
        using var handler = new StubHandler(_ => StubHandler.Page(Pages.Documented));
        await using var measured = new MeasuredClient(handler);
        using var recorder = new SpanRecorder();

        await measured.Client.ListJobs().FirstAsync(TestClients.Cancellation);

        Activity walk = Assert.Single(recorder.Named("koodrive.jobs.list"));
        Assert.Equal(ActivityStatusCode.Unset, walk.Status);
        Assert.Equal(false, walk.GetTagItem("koodrive.jobs.listing.completed"));
    }

    [Fact]
    public async Task Spans_contain_no_secret()
    {
        using var handler = new StubHandler(_ => StubHandler.Page());
        await using var measured = new MeasuredClient(
            handler, credential: new AccessTokenCredential(_ => throw new InvalidOperationException("the vault said tell-nobody-5f2b")));
        using var recorder = new SpanRecorder();

        await Assert.ThrowsAsync<JobsAuthenticationException>(async () => await measured.Client.ListJobs().CountAsync(TestClients.Cancellation));

        Assert.Equal(2, recorder.Spans.Count);
        Assert.All(recorder.Spans, span => Assert.DoesNotContain(
            "tell-nobody", $"{span.StatusDescription} {string.Join(' ', span.TagObjects)} {string.Join(' ', span.Events.SelectMany(e => e.Tags))}", StringComparison.Ordinal));
    }
}
