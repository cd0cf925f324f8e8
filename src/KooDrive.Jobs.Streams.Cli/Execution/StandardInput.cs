namespace KooDrive.Jobs.Streams.Cli.Execution;

/// <summary>Standard input as a reader that throws if the caller has closed standard input.</summary>
internal static class StandardInput
{
    public static TextReader Open() => StandardDescriptor.IsOpen(StandardDescriptor.Input) ? Console.In : new ClosedReader();

    private sealed class ClosedReader : TextReader
    {
        public override int Peek() => throw Closed();

        public override int Read() => throw Closed();

        private static IOException Closed() => new("Standard input is closed. Redirect it from a file or a pipe.");
    }
}
