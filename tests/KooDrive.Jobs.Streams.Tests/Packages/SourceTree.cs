namespace KooDrive.Jobs.Streams.Tests.Packages;

/// <summary>The checkout that the tests were built from.</summary>
internal static class SourceTree
{
    /// <summary>Its topmost folder.</summary>
    public static string Root { get; } = Above(AppContext.BaseDirectory);

    private static string Above(string folder) =>
        File.Exists(Path.Combine(folder, "KooDrive.Jobs.Streams.sln")) ? folder : Above(Path.GetDirectoryName(folder)!);
}
