namespace KooDrive.Jobs.Streams;

/// <summary>The change feed of a KooDrive account.</summary>
public class JobWatch
{
}
