using System.Threading.Channels;

namespace KooDrive.Jobs.Streams.Tests.Hosting;

/// <summary>Records the calls of the handlers of a container, and controls what they do.</summary>
internal sealed class ChangeRecord
{
    private readonly Channel<string> _published = Channel.CreateUnbounded<string>();

    /// <summary>Called before a call is recorded; the handler throws its exception.</summary>
    public Action<string, JobEvent>? Behave { get; set; }

    public void Add(string handler, JobEvent next)
    {
        string what = next is JobChange change ? change.Job.TaskId : "gap";
        _published.Writer.TryWrite($"{handler} {what}");
        Behave?.Invoke(handler, next);
    }

    public async Task<string[]> TakeAsync(int count)
    {
        var received = new List<string>();
        while (received.Count < count)
        {
            received.Add(await _published.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken));
        }

        return [.. received];
    }

    public string[] TakeAll()
    {
        var received = new List<string>();
        while (_published.Reader.TryRead(out string? next))
        {
            received.Add(next);
        }

        return [.. received];
    }
}

internal sealed class FirstHandler(ChangeRecord record, ScopeToken scope) : IJobChangeHandler
{
    public ValueTask HandleAsync(JobChange change, CancellationToken cancellationToken)
    {
        scope.Use();
        record.Add("first", change);
        return ValueTask.CompletedTask;
    }

    public ValueTask HandleGapAsync(WatchGap gap, CancellationToken cancellationToken)
    {
        record.Add("first", gap);
        return ValueTask.CompletedTask;
    }
}

internal sealed class SecondHandler(ChangeRecord record) : IJobChangeHandler
{
    public async ValueTask HandleAsync(JobChange change, CancellationToken cancellationToken)
    {
        await Task.Yield();
        record.Add("second", change);
    }
}

/// <summary>Runs until it is canceled, and then throws an exception of its own, as database clients do.</summary>
internal sealed class InterruptedHandler(ChangeRecord record) : IJobChangeHandler
{
    public async ValueTask HandleAsync(JobChange change, CancellationToken cancellationToken)
    {
        record.Add("interrupted", change);
        await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        throw new InvalidOperationException("the operation was aborted");
    }
}

/// <summary>A scoped service that must be used once and be disposed.</summary>
internal sealed class ScopeToken : IAsyncDisposable
{
    private bool _isUsed;

    public static AsyncLocal<List<ScopeToken>?> Disposed { get; } = new();

    public void Use()
    {
        Assert.False(_isUsed, "a handler was used twice in one scope");
        _isUsed = true;
    }

    public ValueTask DisposeAsync()
    {
        Disposed.Value?.Add(this);
        return ValueTask.CompletedTask;
    }
}
