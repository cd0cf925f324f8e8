namespace KooDrive.Jobs.Streams.Tests.Packages;

/// <summary>The checkout that the tests were built from.</summary>
internal static class SourceTree
{
    /// <summary>The root folder of the checkout.</summary>
    public static string Root { get; } = FindRoot(AppContext.BaseDirectory);

    private static string FindRoot(string folder) =>
        File.Exists(Path.Combine(folder, "KooDrive.Jobs.Streams.sln")) ? folder : FindRoot(Path.GetDirectoryName(folder)!);
}
