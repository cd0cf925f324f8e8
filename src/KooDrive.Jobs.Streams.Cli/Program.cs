using System.Runtime.InteropServices;
using KooDrive.Jobs.Streams.Cli;

using var interrupted = new CancellationTokenSource();

// The first signal asks the command to stop, so that what was read is printed; a second one ends the process at once.
void Interrupt(PosixSignalContext signal)
{
    signal.Cancel = !interrupted.IsCancellationRequested;
    interrupted.Cancel();
}

using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Interrupt);
using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Interrupt);

return await KooJobsCommand.RunAsync(args, CommandEnvironment.OfProcess(), interrupted.Token);
