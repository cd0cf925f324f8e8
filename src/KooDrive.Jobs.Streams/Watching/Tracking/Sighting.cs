namespace KooDrive.Jobs.Streams.Watching.Tracking;

/// <summary>A known job as a poll saw it.</summary>
/// <param name="Tracked">What was known of it.</param>
/// <param name="Job">The job as it is.</param>
/// <param name="Found">Where it stood; null when it was seen in a filtered list, which does not tell.</param>
internal readonly record struct Sighting(TrackedJob Tracked, Job Job, FoundJob? Found);
