namespace KooDrive.Jobs.Streams;

/// <summary>
/// Aims at the last job of the list. The walk ends with a page that starts there, but changes before it move it from request to request; so the
/// next aim is where it will be if it moves on as it did.
/// </summary>
internal sealed class MovingEnd
{
    private string? _taskId;
    private long _offset;
    private long _requests;

    /// <summary>Gives the offset at which to ask for the last job.</summary>
    /// <param name="taskId">The last job known.</param>
    /// <param name="offset">Where it was just seen.</param>
    /// <param name="requests">How many requests the walk has sent by then.</param>
    public long Aim(string taskId, long offset, long requests)
    {
        long movedPerRequest = taskId == _taskId ? (offset - _offset) / Math.Max(1, requests - _requests) : 0;
        (_taskId, _offset, _requests) = (taskId, offset, requests);
        return offset + movedPerRequest;
    }
}
