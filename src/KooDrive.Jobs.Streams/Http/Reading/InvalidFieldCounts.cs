using System.Numerics;
using KooDrive.Jobs.Streams.Errors;
using KooDrive.Jobs.Streams.Model;

namespace KooDrive.Jobs.Streams.Http.Reading;

/// <summary>Counts the jobs of a page that have an invalid value, by field.</summary>
internal sealed class InvalidFieldCounts
{
    private readonly InvalidField?[] _fields = new InvalidField?[(int)JobMember.Unknown];

    /// <param name="members">A bit for each <see cref="JobMember"/>.</param>
    /// <param name="taskId">The job.</param>
    public void Add(uint members, string taskId)
    {
        for (; members != 0; members &= members - 1)
        {
            int member = BitOperations.TrailingZeroCount(members);
            _fields[member] = _fields[member] is { } field
                ? field with { Count = field.Count + 1 }
                : new InvalidField(JobMembers.NameOf((JobMember)member), Count: 1, SafeText.Id(taskId));
        }
    }

    /// <summary>Returns the fields with at least one invalid value.</summary>
    public IReadOnlyList<InvalidField> ToList() => [.. _fields.OfType<InvalidField>()];
}
