namespace KooDrive.Jobs.Streams.Model;

/// <summary>A field that had an invalid value in some jobs of a page.</summary>
/// <param name="Name">The name in the API document.</param>
/// <param name="Count">The number of jobs.</param>
/// <param name="TaskId">The first of the jobs.</param>
internal sealed record InvalidField(string Name, int Count, string TaskId);
