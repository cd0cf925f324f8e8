using System.Net;
using System.Net.Sockets;
using KooDrive.Jobs.Streams.Tests.Readme;

namespace KooDrive.Jobs.Streams.Tests.Packages;

/// <summary>The path of a new user: the lines and the programs of the README, typed in an empty folder.</summary>
[Collection(PackedTests.Name)]
public sealed class NewUserTests(PackedFiles packed)
{
    private const string Emulator = "koojobs emulator --port 5080 --speed 1";
    private const string AddPackage = "dotnet add package KooDrive.Jobs.Streams";
    private const string Dashboard = "koojobs dashboard --emulator";

    private static CancellationToken TestEnd => TestContext.Current.CancellationToken;

    // Each step uses the results of the steps before, as those of a user do. Only the port of the emulator is replaced, with a free one.
    [Fact(Timeout = 900_000)]
    public async Task New_user_follows_the_README_from_the_packages_to_the_live_page()
    {
        LongTests.SkipUnlessEnabled();
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The lines of the README are those of a POSIX shell.");
        string home = packed.NewUserFolder("new-user"), port = FreePort();
        var shell = new UserShell(home, home);
        Assert.All((string[])[Emulator, AddPackage, Dashboard], line => Assert.Contains($"`{line}`", ReadmeText.Content, StringComparison.Ordinal));

        // Install. The packages were packed for all tests.
        string install = Block("dotnet tool install");
        const string Pack = "dotnet pack --configuration Release --output packages\n";
        Assert.StartsWith(Pack, install, StringComparison.Ordinal);
        await shell.RunAsync(install[Pack.Length..]);

        // Start the emulator in another terminal, and run the commands that it prints.
        using RunningProgram emulator = shell.Start($"{Emulator.Replace("5080", port, StringComparison.Ordinal)} 2>&1");
        string export = (await emulator.ReadUntilAsync("export ")).Trim();
        string list = (await emulator.ReadUntilAsync("koojobs list ")).Trim();
        Assert.InRange((await shell.RunAsync($"{export}\n{list}")).Count(character => character == '\n'), 250, int.MaxValue);

        // The commands of the section about the command line that need nothing but the account.
        string[] lines = [.. Block("koojobs list --failed").Split('\n').Where(line => line.StartsWith("koojobs list ", StringComparison.Ordinal) && !line.Contains('|'))];
        Assert.Equal(2, lines.Length);
        await shell.RunAsync(string.Join('\n', [export, $"export KOODRIVE_ENDPOINT=http://127.0.0.1:{port}", .. lines]));
        Assert.StartsWith("taskId,taskType,", await File.ReadAllTextAsync(Path.Combine(home, "deletions.csv"), TestContext.Current.CancellationToken), StringComparison.Ordinal);

        // The worker. Its account is the one that the emulator printed.
        string run = Block("export KooDrive__Endpoint=").Replace("5080", port, StringComparison.Ordinal);
        Assert.All(export.Split(['=', ' '])[2..], value => Assert.True(value.StartsWith("KOODRIVE_", StringComparison.Ordinal) || run.Contains($"={value}", StringComparison.Ordinal), value));
        UserShell worker = await ProjectAsync(home, "worker", "IJobChangeHandler");
        await worker.RunAsync(AddPackage);
        using (RunningProgram program = worker.Start(run))
        {
            await program.ReadUntilAsync("The watch is synchronized");
            Assert.Matches(
                "Failed: Job [0-9]+: type [A-Za-z]+, status (Completed, result (Partially|All)Failed|Canceled)", await program.ReadUntilAsync("Failed: "));
        }

        // The web application with the live page.
        UserShell web = await ProjectAsync(home, "web", "MapJobEvents");
        using (RunningProgram program = web.Start(run))
        {
            string address = (await program.ReadUntilAsync("Now listening on: ")).Split("Now listening on: ")[1];
            Assert.Contains("new EventSource('/jobs/events')", await GetAsync(address), StringComparison.Ordinal);
            Assert.Contains("\"taskId\"", await FirstEventAsync($"{address}/jobs/events", "snapshot"), StringComparison.Ordinal);
        }

        // The live page of the command.
        using RunningProgram dashboard = shell.Start(Dashboard);
        string page = (await dashboard.ReadUntilAsync("listening on ")).Split("listening on ")[1];
        Assert.Contains("<title>KooDrive jobs</title>", await GetAsync(page), StringComparison.Ordinal);
        Assert.Contains("\"taskId\"", await FirstEventAsync($"{page}/jobs/events", "snapshot"), StringComparison.Ordinal);
    }

    private static string Block(string content) => ReadmeText.Blocks("sh").Values.Single(block => block.Contains(content, StringComparison.Ordinal));

    private static async Task<UserShell> ProjectAsync(string home, string name, string content)
    {
        string folder = Directory.CreateDirectory(Path.Combine(home, name)).FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, "KooDrive.csproj"), ReadmeText.Blocks("xml").Values.Single(), TestEnd);
        string program = ReadmeText.Blocks("csharp").Values.Single(block => block.Contains(content, StringComparison.Ordinal));
        await File.WriteAllTextAsync(Path.Combine(folder, "Program.cs"), program, TestEnd);
        return new UserShell(home, folder);
    }

    private static async Task<string> GetAsync(string address)
    {
        using var browser = new HttpClient();
        return await browser.GetStringAsync(new Uri(address), TestEnd);
    }

    /// <summary>Returns the data of the first event with the name.</summary>
    private static async Task<string> FirstEventAsync(string address, string name)
    {
        using var browser = new HttpClient();
        using var events = new StreamReader(await browser.GetStreamAsync(new Uri(address), TestEnd));
        string? line;
        do
        {
            line = await events.ReadLineAsync(TestEnd);
            Assert.NotNull(line);
        }
        while (line != $"event: {name}");

        return (await events.ReadLineAsync(TestEnd))!;
    }

    private static string FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return $"{((IPEndPoint)listener.LocalEndpoint).Port}";
    }
}
