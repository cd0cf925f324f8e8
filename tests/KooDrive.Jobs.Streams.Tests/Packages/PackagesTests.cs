using KooDrive.Jobs.Streams.Tests.Readme;

namespace KooDrive.Jobs.Streams.Tests.Packages;

[Collection(PackedTests.Name)]
public sealed class PackagesTests(PackedFiles packed)
{
    private const string Library = "KooDrive.Jobs.Streams";
    private const string Web = "KooDrive.Jobs.Streams.AspNetCore";
    private const string Cluster = "KooDrive.Jobs.Streams.Orleans";
    private const string EmulatorPackage = "KooDrive.Jobs.Streams.Emulator";
    private const string Tool = "KooDrive.Jobs.Streams.Cli";

    [Fact]
    public void Pack_creates_the_packages_and_their_symbols_only() => Assert.Equal(
        new[] { Library, Web, Cluster, EmulatorPackage, Tool }.SelectMany(name => new[] { $"{name}.{packed.Version}.nupkg", $"{name}.{packed.Version}.snupkg" }).Order(StringComparer.Ordinal),
        Directory.GetFiles(packed.Packed).Select(path => Path.GetFileName(path)!).Order(StringComparer.Ordinal));

    [Theory]
    [InlineData(Library)]
    [InlineData(Web)]
    [InlineData(Cluster)]
    [InlineData(EmulatorPackage)]
    [InlineData(Tool)]
    public void Package_contains_readme_license_description_and_symbols(string package)
    {
        Assert.Contains("README.md", packed.Files(package));
        Assert.Contains("LICENSE", packed.Files(package));
        Assert.Equal("README.md", packed.Metadata(package, "readme"));
        Assert.Equal("MIT", packed.Metadata(package, "license"));
        Assert.NotEqual("Package Description", packed.Metadata(package, "description"));
        Assert.Contains("icon.png", packed.Files(package));
        Assert.Equal("icon.png", packed.Metadata(package, "icon"));
        Assert.Contains("koodrive", packed.Metadata(package, "tags").Split(' '));
        Assert.StartsWith($"{packed.Version}: ", packed.Metadata(package, "releaseNotes"), StringComparison.Ordinal);
        Assert.Contains(packed.Files(package, "snupkg"), file => file.EndsWith(".pdb", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(Library)]
    [InlineData(Web)]
    [InlineData(Cluster)]
    [InlineData(EmulatorPackage)]
    public void Library_contains_its_documentation(string package) => Assert.Contains($"lib/net10.0/{package}.xml", packed.Files(package));

    [Fact]
    public void Library_references_only_the_expected_packages_and_no_analyzers() => Assert.Equal(
        ["Microsoft.Extensions.Diagnostics.HealthChecks", "Microsoft.Extensions.Http.Resilience", "System.Linq.Async", "System.Reactive"],
        packed.Dependencies(Library).Order(StringComparer.Ordinal));

    [Fact]
    public async Task Tool_can_be_installed_into_an_empty_folder_and_run()
    {
        string folder = packed.EmptyFolder("tool");
        await DotnetCommand.RunAsync(
            "dotnet", folder, "tool", "install", Tool, "--version", packed.Version, "--tool-path", "installed", "--configfile", "NuGet.config");
        string tool = Path.Combine(folder, "installed", "koojobs");

        Assert.StartsWith(packed.Version, await DotnetCommand.RunAsync(tool, folder, "--version"), StringComparison.Ordinal);
        string list = await DotnetCommand.RunAsync(tool, folder, "list", "--emulator");
        Assert.Equal(250, list.Split('\n', StringSplitOptions.RemoveEmptyEntries).Count(line => line.Contains("\"taskId\"", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Program_that_references_the_packages_builds_and_runs()
    {
        LongTests.SkipUnlessEnabled();
        string folder = packed.EmptyFolder("consumer");
        await File.WriteAllTextAsync(
            Path.Combine(folder, "consumer.csproj"),
            $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <Nullable>enable</Nullable>
                <ImplicitUsings>enable</ImplicitUsings>
                <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="{Library}" Version="{packed.Version}" />
                <PackageReference Include="{Web}" Version="{packed.Version}" />
                <PackageReference Include="{EmulatorPackage}" Version="{packed.Version}" />
              </ItemGroup>
            </Project>
            """,
            TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(
            Path.Combine(folder, "Program.cs"),
            """
            using KooDrive.Jobs.Streams;
            using KooDrive.Jobs.Streams.Emulator;

            var account = new JobsEmulatorOptions { SampleJobCount = 123 };
            await using var emulator = await JobsEmulator.StartAsync(account);
            var options = new JobsClientOptions { Endpoint = emulator.Endpoint, UserId = account.UserId };
            using var client = new JobsClient(options, new AccessTokenCredential(account.AccessToken));
            Console.WriteLine(await client.ListJobs().CountAsync());
            """,
            TestContext.Current.CancellationToken);

        Assert.Equal("123", (await DotnetCommand.RunAsync("dotnet", folder, "run")).Trim());
    }

    [Theory]
    [InlineData(Library)]
    [InlineData(Web)]
    [InlineData(Cluster)]
    [InlineData(EmulatorPackage)]
    [InlineData(Tool)]
    public async Task Package_has_a_short_readme_of_its_own_without_relative_links(string package)
    {
        string text = packed.Text(package, "README.md");

        Assert.StartsWith($"# {(package == Tool ? "koojobs" : package)}\n", text, StringComparison.Ordinal);
        Assert.InRange(text.Count(character => character == '\n'), 10, 60);
        Assert.DoesNotMatch(@"\]\((?!https://)|<img", text);
        await using ReadmeScene scene = await ReadmeScene.StartAsync(TestContext.Current.CancellationToken);
        foreach ((int line, string example) in ReadmeText.BlocksOf(text, "csharp"))
        {
            using var hosts = new HostsStop();
            await ReadmeExample.Compile(example, line)(scene.ArgumentsFor(example)).WaitAsync(TimeSpan.FromMinutes(2), TestContext.Current.CancellationToken);
        }
    }
}
