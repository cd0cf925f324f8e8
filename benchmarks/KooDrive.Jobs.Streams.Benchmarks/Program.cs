using System.Globalization;
using System.Runtime.CompilerServices;
using BenchmarkDotNet.Running;
using KooDrive.Jobs.Streams.Benchmarks;

switch (args)
{
    case [ServerProcess.PagesCommand, var jobs]:
        await ServerProcess.RunPagesAsync(int.Parse(jobs, CultureInfo.InvariantCulture));
        break;
    case [ServerProcess.EmulatorCommand, var jobs]:
        await ServerProcess.RunEmulatorAsync(int.Parse(jobs, CultureInfo.InvariantCulture));
        break;
    case [StartBenchmarks.NothingCommand]:
        break;
    case [ManyAccounts.Command, var accounts, var seconds]:
        await ManyAccounts.PrintAsync(
            int.Parse(accounts, CultureInfo.InvariantCulture), TimeSpan.FromSeconds(double.Parse(seconds, CultureInfo.InvariantCulture)), Console.Out);
        break;
    case [SiloAccounts.Command, var accounts, var seconds]:
        await SiloAccounts.PrintAsync(
            int.Parse(accounts, CultureInfo.InvariantCulture), TimeSpan.FromSeconds(double.Parse(seconds, CultureInfo.InvariantCulture)), Console.Out);
        break;
    case [SummaryTable.Command]:
        await SummaryTable.PrintAsync(Console.Out);
        break;
    default:
        RunBenchmarks(args);
        break;
}

// A separate method, so that the empty process does not load BenchmarkDotNet.
[MethodImpl(MethodImplOptions.NoInlining)]
static void RunBenchmarks(string[] args) => BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
