using KooDrive.Jobs.Streams.Cli.Output;

namespace KooDrive.Jobs.Streams.Cli.Help;

/// <summary><c>koojobs help names</c>: the names and the numbers of the codes that options accept.</summary>
internal static class CodeNamesHelp
{
    public static void Write(TextWriter output)
    {
        Write<JobType>("--type", output);
        Write<JobStatus>("--status", output);
        Write<JobResult>("--result", output);
    }

    private static void Write<T>(string option, TextWriter output)
        where T : struct, Enum
    {
        output.WriteLine($"{option} accepts one of these names, or any number:");
        foreach (T value in Enum.GetValues<T>())
        {
            output.WriteLine($"  {value:D}  {EnumNames<T>.Format(value)}");
        }
    }
}
