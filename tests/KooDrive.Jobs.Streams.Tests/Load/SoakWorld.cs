using System.Globalization;
using System.Net;
using System.Reactive.Concurrency;
using System.Text;
using KooDrive.Jobs.Streams.Tests.Http;
using KooDrive.Jobs.Streams.Tests.Watching;
using KooDrive.Jobs.Streams.Tests.Watching.Checkpoints;
using Microsoft.Reactive.Testing;

namespace KooDrive.Jobs.Streams.Tests.Load;

/// <summary>A server in memory, and the machine of its client: a wall clock that jumps, a token file that is late, and a store that fails.</summary>
internal sealed class SoakWorld : HttpMessageHandler
{
    private static readonly TimeSpan Epoch = new DateTime(2026, 1, 1) - DateTime.MinValue;

    private static readonly (HttpStatusCode Status, string Body)[] Garbage =
    [
        (HttpStatusCode.OK, "<html>We are back soon</html>"),
        (HttpStatusCode.OK, """{"code":500,"msg":"system busy"}"""),
        (HttpStatusCode.Forbidden, "<html>blocked</html>"),
        (HttpStatusCode.NotFound, ""),
        (HttpStatusCode.Found, ""),
        (HttpStatusCode.BadRequest, """{"code":"13000201","msg":"system busy, try later"}"""),
        (HttpStatusCode.Unauthorized, ""),
        (HttpStatusCode.ServiceUnavailable, ""),
    ];

    private readonly Random _random;
    private readonly TestScheduler _time = new();
    private readonly List<Job> _jobs = [];
    private readonly Dictionary<(string Query, int Version), byte[]> _pages = [];
    private string _accepted = "token-0";
    private string? _file = "token-0";
    private (HttpStatusCode Status, string Body)? _garbage;
    private DateTimeOffset _calmFrom = DateTimeOffset.MinValue;
    private DateTimeOffset? _recoversAt;
    private DateTimeOffset? _lastSign;
    private int _failingSaves;
    private int _savesBeforeFailure;
    private int _version;
    private int _tokens;

    public SoakWorld(int seed)
    {
        _random = new Random(seed);
        Clock = new JumpingClock(_time) { Ahead = Epoch };
        Time = new SchedulerTimeProvider(Clock);
        Store = new MemoryCheckpointStore { BeforeSave = FailSave };
    }

    public JumpingClock Clock { get; }

    public TimeProvider Time { get; }

    public MemoryCheckpointStore Store { get; }

    public IReadOnlyList<Job> Jobs => _jobs;

    public int Requests { get; private set; }

    public int Jumps { get; private set; }

    public int Rotations { get; private set; }

    public int Outages { get; private set; }

    public int FailedSaves { get; private set; }

    /// <summary>The longest time without a request of the client, or a read of its token file.</summary>
    public TimeSpan LongestPause { get; private set; }

    /// <summary>Returns the content of the token file of the client.</summary>
    public ValueTask<string> ReadTokenFileAsync()
    {
        NoteSign();
        return _file is { } token ? new(token) : throw new FileNotFoundException("There is no token file.");
    }

    public void Advance(TimeSpan time) => _time.AdvanceBy(time.Ticks);

    /// <summary>Applies the random faults of a minute.</summary>
    public void Change()
    {
        if (Happens(30))
        {
            // By up to a day in either direction, and back to the true time at the next jump.
            Clock.Ahead = Jumps++ % 2 == 0 ? Epoch + TimeSpan.FromHours((_random.NextDouble() * 48) - 24) : Epoch;
        }

        if (_recoversAt is { } recovery)
        {
            if (_time.Now >= recovery)
            {
                Recover();
            }
        }
        else if (_time.Now >= _calmFrom && Happens(20))
        {
            Break();
        }

        // Fewer than the attempts of one save.
        if (_failingSaves == 0 && Store.Saves > _savesBeforeFailure && Happens(50))
        {
            _failingSaves = _random.Next(1, 5);
            _savesBeforeFailure = Store.Saves;
        }

        ChangeJobs();
    }

    /// <summary>Ends all faults.</summary>
    public void Recover()
    {
        (_garbage, _file, _recoversAt) = (null, _accepted, null);

        // The watch succeeds at least once before the next outage, even after its longest delay.
        _calmFrom = _time.Now + TimeSpan.FromMinutes(8);
    }

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Requests++;
        NoteSign();
        HttpResponseMessage response = Respond(request);
        response.RequestMessage = request;
        return Task.FromResult(response);
    }

    private void NoteSign()
    {
        if (_lastSign is { } last && _time.Now - last > LongestPause)
        {
            LongestPause = _time.Now - last;
        }

        _lastSign = _time.Now;
    }

    private HttpResponseMessage Respond(HttpRequestMessage request)
    {
        if (_garbage is { } garbage)
        {
            HttpResponseMessage broken = StubHandler.Respond(garbage.Status, garbage.Body);
            broken.Headers.Location = garbage.Status is HttpStatusCode.Found ? new Uri("https://login.example/") : null;
            return broken;
        }

        return request.Headers.NonValidated["Authorization"].ToString() == $"Bearer+{_accepted}"
            ? new HttpResponseMessage(HttpStatusCode.OK) { Content = new ByteArrayContent(Page(request.RequestUri!.Query)) }
            : StubHandler.Respond(HttpStatusCode.Unauthorized, """{"error_code":"401","error_msg":"token expired"}""");
    }

    // The server goes down, or rotates the token while the file still has the old one, is empty, or is missing.
    private void Break()
    {
        _recoversAt = _time.Now + TimeSpan.FromMinutes(1 + (_random.NextDouble() * 9));
        if (Happens(2))
        {
            Outages++;
            _garbage = Garbage[_random.Next(Garbage.Length)];
        }
        else
        {
            Rotations++;
            _accepted = $"token-{++_tokens}";
            _file = _random.Next(3) switch
            {
                0 => _file,
                1 => "",
                _ => null,
            };
        }
    }

    private void ChangeJobs()
    {
        if (Happens(40))
        {
            _version++;
            _jobs.Insert(0, new Job
            {
                TaskId = (1_320_279_000_000_000_000 + _jobs.Count).ToString(CultureInfo.InvariantCulture),
                Type = JobType.BatchDeletion,
                Status = JobStatus.Pending,
                CreateTime = _time.Now + Epoch,
            });
        }

        for (int i = 0; i < Math.Min(20, _jobs.Count); i++)
        {
            if (!_jobs[i].IsFinished && Happens(60))
            {
                _version++;
                _jobs[i] = _jobs[i].Status is JobStatus.Pending
                    ? _jobs[i] with { Status = JobStatus.Processing }
                    : _jobs[i] with { Status = JobStatus.Completed, Result = Happens(2) ? JobResult.AllSucceeded : JobResult.PartiallyFailed };
            }
        }
    }

    private byte[] Page(string query)
    {
        if (!_pages.TryGetValue((query, _version), out byte[]? page))
        {
            if (_pages.Count > 100)
            {
                _pages.Clear();
            }

            _pages.Add((query, _version), page = Encoding.UTF8.GetBytes(Write(query)));
        }

        return page;
    }

    private string Write(string query)
    {
        var values = query.TrimStart('?').Split('&').Select(pair => pair.Split('=')).ToDictionary(pair => pair[0], pair => pair[1]);
        IEnumerable<Job> jobs = values.TryGetValue("status", out string? status) ? _jobs.Where(job => $"{(int?)job.Status}" == status) : _jobs;
        IEnumerable<string> texts = jobs.Skip(Number("offset")).Take(Number("limit")).Select(job => string.Create(
            CultureInfo.InvariantCulture,
            $$"""{"taskId":"{{job.TaskId}}","taskType":{{(int?)job.Type}},"status":{{(int?)job.Status}},{{(job.Result is { } result ? $"\"taskResultCode\":{(int)result}," : "")}}"createTime":"{{job.CreateTime:yyyyMMddHHmmss}}"}"""));
        return $$"""{"code":0,"msg":"OK","data":[{{string.Join(',', texts)}}]}""";

        int Number(string name) => int.Parse(values[name], CultureInfo.InvariantCulture);
    }

    private void FailSave()
    {
        if (_failingSaves > 0)
        {
            _failingSaves--;
            FailedSaves++;
            throw new IOException("The store is busy.");
        }
    }

    private bool Happens(int onceIn) => _random.Next(onceIn) == 0;

    /// <summary>The clock of the HTTP layer and of retries, over that of the watch.</summary>
    private sealed class SchedulerTimeProvider(JumpingClock clock) : TimeProvider
    {
        private readonly IStopwatch _stopwatch = clock.StartStopwatch();

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override DateTimeOffset GetUtcNow() => clock.Now;

        public override long GetTimestamp() => _stopwatch.Elapsed.Ticks;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            Assert.Equal(Timeout.InfiniteTimeSpan, period);
            var timer = new SchedulerTimer(clock, () => callback(state));
            timer.Change(dueTime, period);
            return timer;
        }
    }

    private sealed class SchedulerTimer(JumpingClock clock, Action callback) : ITimer
    {
        private readonly System.Reactive.Disposables.SerialDisposable _timer = new();

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            _timer.Disposable = dueTime == Timeout.InfiniteTimeSpan ? null : clock.Schedule(dueTime, callback);
            return !_timer.IsDisposed;
        }

        public void Dispose() => _timer.Dispose();

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
