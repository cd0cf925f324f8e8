using FsCheck.Xunit;
using KooDrive.Jobs.Streams.Http.Client;
using Microsoft.Extensions.Time.Testing;

namespace KooDrive.Jobs.Streams.Tests.Http.Client;

public sealed class RequestPacerTests : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(0.1);

    private readonly FakeTimeProvider _time = new();
    private readonly RequestPause _pause;
    private readonly RequestPacer _pacer;

    public RequestPacerTests()
    {
        _pause = new RequestPause(_time);
        _pacer = new RequestPacer(10, _pause, _time);
    }

    public void Dispose() => _pacer.Dispose();

    [Fact]
    public void WaitAsync_spaces_requests_evenly_in_their_order()
    {
        Task[] waits = Wait(4);
        Assert.Equal(1, Count(waits));

        foreach (int released in new[] { 2, 3, 4 })
        {
            _time.Advance(Interval - TimeSpan.FromMilliseconds(1));
            Assert.Equal(released - 1, Count(waits));
            _time.Advance(TimeSpan.FromMilliseconds(1));
            Assert.Equal(released, Count(waits));
        }
    }

    [Fact]
    public void WaitAsync_does_not_release_a_burst_after_idle_time()
    {
        _time.Advance(TimeSpan.FromHours(1));

        Task[] waits = Wait(10);

        Assert.Equal(1, Count(waits));
        _time.Advance(Interval);
        Assert.Equal(2, Count(waits));
    }

    [Fact]
    public void WaitAsync_releases_nothing_during_a_pause_and_resumes_evenly()
    {
        Task[] waits = Wait(4);
        _pause.Extend(TimeSpan.FromSeconds(3), TimeSpan.MaxValue);

        Advance(TimeSpan.FromSeconds(2.9));
        Assert.Equal(1, Count(waits));
        _pause.Extend(TimeSpan.FromSeconds(3), TimeSpan.MaxValue);
        Advance(TimeSpan.FromSeconds(2.9));
        Assert.Equal(1, Count(waits));
        Assert.Equal(0, Count(Wait(1)));

        Advance(Interval);
        Assert.Equal(2, Count(waits));
        Advance(Interval);
        Assert.Equal(3, Count(waits));
    }

    [Fact]
    public async Task WaitAsync_leaves_its_turn_to_the_next_request_when_canceled()
    {
        using var canceled = new CancellationTokenSource();
        Task[] waits = Wait(1);
        Task abandoned = _pacer.WaitAsync(canceled.Token).AsTask();
        Task next = Wait(1)[0];

        await canceled.CancelAsync();

        Assert.Equal(canceled.Token, (await Assert.ThrowsAnyAsync<OperationCanceledException>(() => abandoned)).CancellationToken);
        await waits[0];
        _time.Advance(Interval);
        await next;
    }

    [Fact]
    public async Task WaitAsync_takes_no_permit_when_it_is_already_canceled()
    {
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _pacer.WaitAsync(new CancellationToken(canceled: true)).AsTask());

        Assert.Equal(1, Count(Wait(1)));
    }

    [Fact]
    public void WaitAsync_releases_two_requests_at_most_after_the_machine_was_suspended()
    {
        Task[] waits = Wait(100);

        _time.Advance(TimeSpan.FromSeconds(5));

        Assert.Equal(1 + 2, Count(waits));
    }

    [Fact]
    public async Task Dispose_ends_waits_with_ObjectDisposedException()
    {
        Task[] waits = Wait(2);

        _pacer.Dispose();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => waits[1]);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => _pacer.WaitAsync(TestClients.Cancellation).AsTask());
    }

    [Property(MaxTest = 200 / PropertyRuns.Divisor)]
    public void Requests_are_spaced_in_order_and_never_sent_in_a_pause(int seed)
    {
        var random = new Random(seed);
        var time = new FakeTimeProvider();
        var pause = new RequestPause(time);
        double rate = random.Next(1, 101);
        using var pacer = new RequestPacer(rate, pause, time);
        using var canceled = new CancellationTokenSource();
        List<(Task Wait, bool IsCanceled)> waits = [];
        List<double> releases = [];
        double pausedUntil = double.NegativeInfinity;
        double now = 0.0;
        for (int step = 0; step < 400; step++)
        {
            switch (random.Next(20))
            {
                case 0 when pause.Extend(TimeSpan.FromMilliseconds(random.Next(1, 500)), TimeSpan.MaxValue) is { } length:
                    pausedUntil = now + length.TotalMilliseconds;
                    break;
                case < 8:
                    bool isCanceled = random.Next(5) == 0;
                    waits.Add((pacer.WaitAsync(isCanceled ? canceled.Token : TestClients.Cancellation).AsTask(), isCanceled));
                    break;
                case 8:
                    canceled.Cancel();
                    break;
            }

            Observe();
            int milliseconds = random.Next(1, 20);
            for (int i = 0; i < milliseconds; i++)
            {
                time.Advance(TimeSpan.FromMilliseconds(1));
                now++;
                Observe();
            }
        }

        Assert.All(releases.Zip(releases.Skip(1)), pair => Assert.True(pair.Second - pair.First >= (1000 / rate) - 1.001, $"{pair} at {rate}/s"));

        void Observe()
        {
            int released = waits.Count(wait => wait.Wait.IsCompletedSuccessfully);
            Assert.True(released - releases.Count <= 1 || rate > 900, "two requests in a millisecond");
            if (released > releases.Count)
            {
                Assert.True(now >= pausedUntil, $"released at {now} ms in a pause until {pausedUntil} ms");
                releases.Add(now);
            }

            // In order: no request was sent before an earlier one that still waits.
            Assert.DoesNotContain(waits.SkipWhile(wait => wait.Wait.IsCompleted), wait => wait.Wait.IsCompletedSuccessfully);
        }
    }

    private static int Count(Task[] waits) => waits.Count(wait => wait.IsCompletedSuccessfully);

    private Task[] Wait(int count) => [.. Enumerable.Range(0, count).Select(_ => _pacer.WaitAsync(TestClients.Cancellation).AsTask())];

    // A timer of FakeTimeProvider is not later than a step.
    private void Advance(TimeSpan time)
    {
        for (TimeSpan passed = TimeSpan.Zero; passed < time; passed += TimeSpan.FromMilliseconds(10))
        {
            _time.Advance(TimeSpan.FromMilliseconds(10));
        }
    }
}
