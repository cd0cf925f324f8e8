using System.Globalization;
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
    case [SummaryTable.Command]:
        await SummaryTable.PrintAsync(Console.Out);
        break;
    default:
        BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
        break;
}
