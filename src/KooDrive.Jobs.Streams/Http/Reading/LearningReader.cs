using KooDrive.Jobs.Streams.Errors;

namespace KooDrive.Jobs.Streams.Http.Reading;

/// <summary>
/// Reads pages by what it learned from earlier ones about how the server writes jobs: the same jobs, and the same refusals, as
/// <see cref="PageReader"/> gives alone, sooner. Safe for threads.
/// </summary>
internal sealed class LearningReader(TimeSpan timestampOffset)
{
    // One reading at a time has it; others meanwhile begin with a new one.
    private JobLayout? _layout;

    /// <summary>What was learned up to now; null before the first page and while a reading has it.</summary>
    internal JobLayout? Layout => _layout;

    /// <inheritdoc cref="PageReader.Read"/>
    public JobPage Read(ReadOnlySpan<byte> body, in RequestFacts facts)
    {
        JobLayout layout = Interlocked.Exchange(ref _layout, null) ?? new JobLayout(timestampOffset);
        try
        {
            return PageReader.Read(body, timestampOffset, facts, layout);
        }
        catch (JobsResponseException)
        {
            // What is wrong, and where, the plain reader says.
            return PageReader.Read(body, timestampOffset, facts);
        }
        finally
        {
            _layout = layout;
        }
    }
}
