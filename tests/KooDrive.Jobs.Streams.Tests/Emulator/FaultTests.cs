using System.Diagnostics;
using System.Net;
using KooDrive.Jobs.Streams.Emulator;
using Microsoft.Extensions.Time.Testing;

namespace KooDrive.Jobs.Streams.Tests.Emulator;

public sealed class FaultTests : IAsyncLifetime
{
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));
    private JobsEmulator _emulator = null!;
    private PlainClient _client = null!;

    private static CancellationToken TestToken => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _emulator = await JobsEmulator.StartAsync(new() { Preset = JobsEmulatorPreset.DocumentedExample }, _clock, TestToken);
        _client = new PlainClient(_emulator, _clock);
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _emulator.DisposeAsync();
    }

    [Fact]
    public async Task Next_applies_faults_in_the_order_of_the_rules()
    {
        EmulatorFaultRule first = _emulator.Faults.Next(EmulatorFault.Fail(500), count: 2);
        EmulatorFaultRule second = _emulator.Faults.Next(EmulatorFault.Fail(503));

        Assert.Equal([500, 500, 503, 200], await StatusesAsync(4));
        Assert.Equal((2, 0), (first.AppliedCount, first.RemainingCount));
        Assert.Equal((1, 0), (second.AppliedCount, second.RemainingCount));
        Assert.Equal(3, _emulator.Faults.AppliedCount);
    }

    [Fact]
    public async Task Every_applies_to_every_nth_request_until_canceled()
    {
        EmulatorFaultRule order = _emulator.Faults.Every(3, EmulatorFault.Fail(500));

        Assert.Equal([200, 200, 500, 200, 200, 500, 200], await StatusesAsync(7));
        order.Cancel();
        Assert.Equal([200, 200, 200], await StatusesAsync(3));
        Assert.Equal(2, order.AppliedCount);
    }

    [Fact]
    public async Task Every_counts_requests_with_another_fault()
    {
        _emulator.Faults.Next(EmulatorFault.Fail(503), count: 2);
        _emulator.Faults.Every(3, EmulatorFault.Fail(500));

        Assert.Equal([503, 503, 500, 200], await StatusesAsync(4));
    }

    [Fact]
    public async Task When_applies_to_requests_that_satisfy_the_predicate()
    {
        _emulator.Faults.When(request => request.Offset == 1, EmulatorFault.Fail(500), count: 2);
        async Task<int> Status(int offset) => (int)await _client.StatusAsync($"{PlainClient.JobsPath}?offset={offset}&limit=1");

        Assert.Equal(200, await Status(0));
        Assert.Equal(500, await Status(1));
        Assert.Equal(200, await Status(2));
        Assert.Equal(500, await Status(1));
        Assert.Equal(200, await Status(1));
    }

    [Fact]
    public async Task Clear_cancels_every_rule()
    {
        EmulatorFaultRule order = _emulator.Faults.Next(EmulatorFault.Fail(500), count: 5);
        _emulator.Faults.Every(1, EmulatorFault.Fail(500));

        _emulator.Faults.Clear();

        Assert.Equal([200, 200], await StatusesAsync(2));
        Assert.Equal(0, order.RemainingCount);
    }

    [Theory]
    [InlineData(400, false, """{"code":"13000201","msg":"why"}""")]
    [InlineData(401, false, """{"code":"13000201","msg":"why"}""")]
    [InlineData(500, false, """{"code":"13000201","msg":"why"}""")]
    [InlineData(500, true, """{"error_code":"13000201","error_msg":"why"}""")]
    public async Task Fail_responds_in_both_documented_shapes(int status, bool oldShape, string expected)
    {
        _emulator.Faults.Next(EmulatorFault.Fail(status, "13000201", "why", oldShape));

        using HttpResponseMessage response = await _client.SendAsync(_client.Request());

        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal(expected, await response.Content.ReadAsStringAsync(TestToken));
        Assert.Single(response.Headers.GetValues("X-Request-Id"));
        Assert.Equal(status, _emulator.Requests.Snapshot()[0].StatusCode);
    }

    [Fact]
    public async Task Throttle_sends_Retry_After_in_seconds_or_as_a_date()
    {
        DateTimeOffset date = _clock.GetUtcNow().AddMinutes(2);
        _emulator.Faults.Next(EmulatorFault.Throttle(TimeSpan.FromMilliseconds(6001)));
        _emulator.Faults.Next(EmulatorFault.Throttle(date));

        using HttpResponseMessage first = await _client.SendAsync(_client.Request());
        using HttpResponseMessage second = await _client.SendAsync(_client.Request());

        Assert.Equal((HttpStatusCode.TooManyRequests, HttpStatusCode.TooManyRequests), (first.StatusCode, second.StatusCode));
        Assert.Equal(TimeSpan.FromSeconds(7), first.Headers.RetryAfter?.Delta);
        Assert.Equal(date, second.Headers.RetryAfter?.Date);
    }

    [Fact]
    public async Task Late_responds_after_the_delay_and_reads_the_list_then()
    {
        EmulatorFaultRule order = _emulator.Faults.Next(EmulatorFault.Late(TimeSpan.FromSeconds(10)));

        Task<string> response = _client.TextAsync();
        await order.WaitForAppliedAsync(1, TestToken);
        _clock.Advance(TimeSpan.FromSeconds(9));
        Assert.Equal(1, _emulator.Requests.InFlightCount);
        Assert.Null(_emulator.Requests.Snapshot()[0].StatusCode);
        _emulator.Jobs.RemoveMany([.. _emulator.Jobs.Snapshot().Select(job => job.TaskId)]);
        _clock.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal("""{"data":[],"code":0,"msg":"OK"}""", await response);
    }

    [Fact]
    public async Task NeverRespond_holds_the_request_until_the_client_disconnects()
    {
        EmulatorFaultRule order = _emulator.Faults.Next(EmulatorFault.NeverRespond);
        using var timeout = new CancellationTokenSource();

        Task<HttpResponseMessage> response = _client.SendAsync(_client.Request(), timeout.Token);
        await order.WaitForAppliedAsync(1, TestToken);
        await timeout.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => response);
        Assert.Equal([200], await StatusesAsync(1));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(100)]
    public async Task CutOff_sends_a_part_of_the_body_with_the_whole_length(int bytes)
    {
        string whole = await _client.TextAsync();
        _emulator.Faults.Next(EmulatorFault.CutOff(bytes));

        using HttpResponseMessage response = await _client.SendForHeadersAsync(_client.Request());
        await using Stream body = await response.Content.ReadAsStreamAsync(TestToken);
        byte[] received = new byte[bytes];
        await body.ReadExactlyAsync(received, TestToken);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(whole.Length, response.Content.Headers.ContentLength);
        Assert.Equal(whole[..bytes], System.Text.Encoding.UTF8.GetString(received));
        await Assert.ThrowsAsync<HttpIOException>(async () => await body.ReadExactlyAsync(new byte[1], TestToken));
    }

    [Fact]
    public async Task CutOff_after_the_end_of_the_body_sends_the_whole_body()
    {
        string whole = await _client.TextAsync();
        _emulator.Faults.Next(EmulatorFault.CutOff(whole.Length));

        Assert.Equal(whole, await _client.TextAsync());
    }

    [Fact]
    public async Task Disconnect_closes_the_connection_without_a_response()
    {
        _emulator.Faults.Next(EmulatorFault.Disconnect, count: 2);

        await Assert.ThrowsAsync<HttpRequestException>(() => _client.SendAsync(_client.Request()));

        Assert.Null(_emulator.Requests.Snapshot()[0].StatusCode);
    }

    [Fact]
    public async Task Replace_sends_any_body()
    {
        _emulator.Faults.Next(EmulatorFault.Replace("<html>", "text/html", 502));
        _emulator.Faults.Next(EmulatorFault.Replace(new byte[] { 0xff, 0x00, 0x7b }));
        _emulator.Faults.Next(EmulatorFault.Replace("", statusCode: 302).WithHeader("Location", "http://elsewhere.invalid/").WithHeader("Date", "now"));

        using HttpResponseMessage html = await _client.SendAsync(_client.Request());
        using HttpResponseMessage bytes = await _client.SendAsync(_client.Request());
        using HttpResponseMessage redirect = await _client.SendAsync(_client.Request());

        Assert.Equal((HttpStatusCode.BadGateway, "text/html"), (html.StatusCode, html.Content.Headers.ContentType?.ToString()));
        Assert.Equal("<html>", await html.Content.ReadAsStringAsync(TestToken));
        Assert.Equal((HttpStatusCode.OK, 3), (bytes.StatusCode, bytes.Content.Headers.ContentLength));
        Assert.Equal([0xff, 0x00, 0x7b], await bytes.Content.ReadAsByteArrayAsync(TestToken));
        Assert.Equal("http://elsewhere.invalid/", redirect.Headers.Location?.ToString());
        Assert.Equal(["now"], redirect.Headers.NonValidated["Date"]);
    }

    [Fact]
    public async Task Fail_sends_no_body_when_the_status_forbids_one()
    {
        _emulator.Faults.Next(EmulatorFault.Fail(204));

        Assert.Equal([204, 200], await StatusesAsync(2));
    }

    [Fact]
    public async Task Drip_sends_the_body_in_pieces_with_a_delay_in_between()
    {
        string whole = await _client.TextAsync();
        _emulator.Faults.Next(EmulatorFault.Drip(100, TimeSpan.FromSeconds(1)));

        using HttpResponseMessage response = await _client.SendForHeadersAsync(_client.Request());
        await using Stream body = await response.Content.ReadAsStreamAsync(TestToken);
        byte[] received = new byte[whole.Length];
        await body.ReadExactlyAsync(received.AsMemory(0, 100), TestToken);
        Task rest = body.ReadExactlyAsync(received.AsMemory(100), TestToken).AsTask();
        Assert.False(rest.IsCompleted);
        while (!rest.IsCompleted)
        {
            _clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        await rest;
        Assert.Equal(whole, System.Text.Encoding.UTF8.GetString(received));
    }

    [Fact]
    public async Task Faults_combine_their_properties()
    {
        EmulatorFaultRule order = _emulator.Faults.Next(
            EmulatorFault.Fail(500) with { Delay = TimeSpan.FromSeconds(1), CutOffAfter = 5 });

        Task<HttpResponseMessage> sending = _client.SendForHeadersAsync(_client.Request());
        await order.WaitForAppliedAsync(1, TestToken);
        _clock.Advance(TimeSpan.FromSeconds(1));
        using HttpResponseMessage response = await sending;

        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        await Assert.ThrowsAsync<HttpRequestException>(() => response.Content.ReadAsStringAsync(TestToken));
    }

    [Fact]
    public void Fault_rejects_invalid_values_when_it_is_created()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => EmulatorFault.Fail(199));
        Assert.Throws<ArgumentOutOfRangeException>(() => EmulatorFault.Fail(600));
        Assert.Throws<ArgumentOutOfRangeException>(() => EmulatorFault.Late(TimeSpan.FromSeconds(-1)));
        Assert.Throws<ArgumentOutOfRangeException>(() => EmulatorFault.Throttle(TimeSpan.FromSeconds(-1)));
        Assert.Throws<ArgumentOutOfRangeException>(() => EmulatorFault.CutOff(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => EmulatorFault.Drip(0, TimeSpan.Zero));
        Assert.Throws<ArgumentOutOfRangeException>(() => EmulatorFault.Drip(1, TimeSpan.FromSeconds(-1)));
        Assert.Throws<ArgumentOutOfRangeException>(() => _emulator.Faults.Next(EmulatorFault.NeverRespond, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => _emulator.Faults.Every(0, EmulatorFault.NeverRespond));
    }

    [Fact]
    public async Task DisposeAsync_aborts_requests_without_a_response()
    {
        _emulator.Faults.Next(EmulatorFault.NeverRespond, count: 3);
        Task<HttpResponseMessage>[] hanging = [.. Enumerable.Range(0, 3).Select(_ => _client.SendAsync(_client.Request()))];
        await _emulator.Requests.WaitForCountAsync(3, TestToken);

        long start = Stopwatch.GetTimestamp();
        await _emulator.DisposeAsync();

        // Kestrel's own timeout is 30 seconds, so the limit is safe on a slow machine.
        Assert.InRange(Stopwatch.GetElapsedTime(start).TotalSeconds, 0, 20);
        foreach (Task<HttpResponseMessage> request in hanging)
        {
            await Assert.ThrowsAsync<HttpRequestException>(() => request);
        }
    }

    private async Task<IEnumerable<int>> StatusesAsync(int requests)
    {
        int[] statuses = new int[requests];
        for (int index = 0; index < requests; index++)
        {
            statuses[index] = (int)await _client.StatusAsync();
        }

        return statuses;
    }
}
