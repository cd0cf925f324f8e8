using System.Runtime.InteropServices;
using KooDrive.Jobs.Streams.Cli;
using KooDrive.Jobs.Streams.Cli.Execution;

using var interrupted = new CancellationTokenSource();

// The first signal cancels the command, which prints the data that it has read. A second signal ends the process immediately.
void Interrupt(PosixSignalContext signal)
{
    signal.Cancel = !interrupted.IsCancellationRequested;
    interrupted.Cancel();
}

using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Interrupt);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Interrupt);

return await KooJobsCommand.RunAsync(args, CommandEnvironment.OfProcess(), interrupted.Token);
