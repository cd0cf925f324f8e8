namespace KooDrive.Jobs.Streams.Watching.Delivery;

/// <summary>While it lasts, a subscriber's code is running.</summary>
internal readonly struct HandlerScope : IDisposable
{
    private readonly AsyncLocal<bool> _flag;
    private readonly bool _before;

    public HandlerScope(AsyncLocal<bool> flag)
    {
        _flag = flag;
        _before = flag.Value;
        flag.Value = true;
    }

    public void Dispose() => _flag.Value = _before;
}
