namespace KooDrive.Jobs.Streams.Tests.Readme;

public sealed class ReadmeExampleTests
{
    public static TheoryData<int> Lines => [.. ReadmeText.Blocks("csharp").Keys];

    [Theory]
    [MemberData(nameof(Lines))]
    public async Task Example_compiles_without_warnings_and_completes(int line)
    {
        var program = ReadmeExample.Compile(ReadmeText.Blocks("csharp")[line], line);
        await using var scene = await ReadmeScene.BeginAsync(TestContext.Current.CancellationToken);
        scene.Enter();
        using var hosts = new HostsStop();

        await program(scene.Arguments).WaitAsync(TimeSpan.FromMinutes(2), TestContext.Current.CancellationToken);
    }

    [Fact]
    public void Compile_reports_the_errors_of_an_example_with_their_lines()
    {
        var failure = Assert.ThrowsAny<Exception>(() => ReadmeExample.Compile("await foreach (Job job in client.ListJobz()) { }\n", 7));

        Assert.Contains("README.md(7,", failure.Message, StringComparison.Ordinal);
        Assert.Contains("ListJobz", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Example_that_throws_fails()
    {
        var program = ReadmeExample.Compile("await Task.Yield();\nthrow new InvalidOperationException(\"thrown\");\n", 1);

        var failure = await Assert.ThrowsAsync<InvalidOperationException>(() => program([]));
        Assert.Equal("thrown", failure.Message);
    }

    [Fact]
    public async Task Example_that_runs_a_host_stops_after_the_start()
    {
        var program = ReadmeExample.Compile(
            """
            var builder = Host.CreateApplicationBuilder(args);
            builder.Services.AddKooDriveJobs(builder.Configuration.GetSection("KooDrive"));
            builder.Services.AddSingleton<JobsCredential>(new AccessTokenCredential(builder.Configuration["KooDrive:Token"]!));
            await builder.Build().RunAsync();
            """,
            1);
        await using var scene = await ReadmeScene.BeginAsync(TestContext.Current.CancellationToken);
        scene.Enter();
        using var hosts = new HostsStop();

        await program(scene.Arguments).WaitAsync(TimeSpan.FromMinutes(2), TestContext.Current.CancellationToken);

        Assert.Equal(1, hosts.Started);
    }
}
