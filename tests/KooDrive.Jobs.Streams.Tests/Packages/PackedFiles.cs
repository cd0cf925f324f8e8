using System.IO.Compression;
using System.Reflection;
using System.Xml.Linq;

namespace KooDrive.Jobs.Streams.Tests.Packages;

/// <summary>
/// The packages of this build, packed once into a folder that is deleted after the tests. Their dependencies come from the packages that
/// this machine has restored, so that no network is required.
/// </summary>
public sealed class PackedFiles : IAsyncLifetime
{
    private static readonly string Configuration = typeof(PackedFiles).Assembly.GetCustomAttribute<AssemblyConfigurationAttribute>()!.Configuration;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("koodrive-packages-");

    /// <summary>The folder of the packed files.</summary>
    public string Packed => Path.Combine(_folder.FullName, "packed");

    private string Restored => Path.Combine(_folder.FullName, "machine");

    /// <summary>The version of all of them.</summary>
    public string Version { get; private set; } = "";

    public async ValueTask InitializeAsync()
    {
        await DotnetCommand.RunAsync(
            "dotnet", SourceTree.Root, "pack", "--no-build", "--configuration", Configuration, "--output", Packed, "--verbosity", "quiet");
        Version = Metadata("KooDrive.Jobs.Streams", "version");
        LinkRestoredPackages();
    }

    public ValueTask DisposeAsync()
    {
        _folder.Delete(recursive: true);
        return ValueTask.CompletedTask;
    }

    /// <summary>Creates an empty folder whose only NuGet sources are the packed files and the packages that this machine has restored.</summary>
    public string EmptyFolder(string name)
    {
        string folder = _folder.CreateSubdirectory(name).FullName;
        File.WriteAllText(Path.Combine(folder, "NuGet.config"), $"""
            <configuration>
              <config><add key="globalPackagesFolder" value="{_folder.FullName}/restored" /></config>
              <packageSources><clear /><add key="packed" value="{Packed}" /></packageSources>
              <fallbackPackageFolders><clear /><add key="machine" value="{Restored}" /></fallbackPackageFolders>
            </configuration>
            """);
        return folder;
    }

    /// <summary>
    /// Creates an empty folder for a new user who has built the packages: they are in its folder <c>packages</c>. NuGet has no source, but the
    /// packages that this machine has restored.
    /// </summary>
    public string NewUserFolder(string name)
    {
        string folder = _folder.CreateSubdirectory(name).FullName;
        Directory.CreateSymbolicLink(Path.Combine(folder, "packages"), Packed);
        File.WriteAllText(Path.Combine(folder, "NuGet.config"), $"""
            <configuration>
              <packageSources><clear /></packageSources>
              <fallbackPackageFolders><clear /><add key="machine" value="{Restored}" /></fallbackPackageFolders>
            </configuration>
            """);
        return folder;
    }

    /// <summary>The names of the files in a packed file.</summary>
    public IReadOnlyList<string> Files(string package, string extension = "nupkg")
    {
        using ZipArchive archive = ZipFile.OpenRead(Path.Combine(Packed, $"{package}.{VersionIn(package, extension)}.{extension}"));
        return [.. archive.Entries.Select(entry => entry.FullName)];
    }

    /// <summary>Returns the text of a file in a package.</summary>
    public string Text(string package, string file)
    {
        using ZipArchive archive = ZipFile.OpenRead(Path.Combine(Packed, $"{package}.{VersionIn(package, "nupkg")}.nupkg"));
        using var text = new StreamReader(archive.GetEntry(file)!.Open());
        return text.ReadToEnd();
    }

    /// <summary>Returns the metadata of a package.</summary>
    public string Metadata(string package, string element) => Specification(package)
        .Descendants().Single(found => found.Name.LocalName == element && found.Parent!.Name.LocalName == "metadata").Value;

    /// <summary>Returns the dependencies of a package.</summary>
    public IReadOnlyList<string> Dependencies(string package) =>
        [.. Specification(package).Descendants().Where(found => found.Name.LocalName == "dependency").Select(found => found.Attribute("id")!.Value)];

    // Without the packages of this repository: a program that was built on this machine may have restored an older build with the same version.
    private void LinkRestoredPackages()
    {
        string machine = Environment.GetEnvironmentVariable("NUGET_PACKAGES")
            ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        Directory.CreateDirectory(Restored);
        foreach (string package in Directory.GetDirectories(machine).Where(path => !Path.GetFileName(path).StartsWith("koodrive.", StringComparison.OrdinalIgnoreCase)))
        {
            Directory.CreateSymbolicLink(Path.Combine(Restored, Path.GetFileName(package)), package);
        }
    }

    private XDocument Specification(string package)
    {
        using ZipArchive archive = ZipFile.OpenRead(Path.Combine(Packed, $"{package}.{VersionIn(package, "nupkg")}.nupkg"));
        using Stream specification = archive.GetEntry($"{package}.nuspec")!.Open();
        return XDocument.Load(specification);
    }

    private string VersionIn(string package, string extension) => Directory.GetFiles(Packed, $"{package}.*.{extension}")
        .Select(path => Path.GetFileNameWithoutExtension(path)[(package.Length + 1)..])
        .Single(version => char.IsAsciiDigit(version[0]));
}
