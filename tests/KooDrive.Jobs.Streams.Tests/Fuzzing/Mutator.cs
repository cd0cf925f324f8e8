using System.Buffers;

namespace KooDrive.Jobs.Streams.Tests.Fuzzing;

/// <summary>Changes data as a broken server would: single bytes, and whole values, members and brackets. The random numbers determine every change.</summary>
internal sealed class Mutator(Random random)
{
    private const int LongestInput = 32 * 1024;

    private static readonly SearchValues<byte> Telling = SearchValues.Create("{}[]:,\""u8);

    private static readonly byte[][] Tokens =
    [
        .. new[]
        {
            "{", "}", "[", "]", ":", ",", "\"", "\\", "null", "true", "-0", "1e400", "-9223372036854775809", "99999999999999999999", "0.5", "\"\"",
            "\"\\ud800\"", "\"\\u0000\"", "\"20240230000000\"", "\"taskId\":", "\"data\":[", "\"code\":0,", "\"status\":", "{\"taskId\":\"1\"},", "//", " ", "\n",
        }.Select(System.Text.Encoding.UTF8.GetBytes),
        [0xEF, 0xBB, 0xBF], [0xC3, 0x28], [0xED, 0xA0, 0x80], [0xFF], [0], [0x80], [0xF0, 0x90],
    ];

    public byte[] Mutate(byte[] input, byte[] other)
    {
        byte[] mutated = input;
        for (int times = 1 + random.Next(4); times > 0; times--)
        {
            mutated = Once(mutated, other);
        }

        return mutated.Length <= LongestInput ? mutated : mutated[..LongestInput];
    }

    private byte[] Once(byte[] input, byte[] other)
    {
        int at = Position(input);
        int end = Math.Min(input.Length, at + (random.Next(4) == 0 ? random.Next(200) : random.Next(8)));
        return random.Next(10) switch
        {
            0 => [.. input[..at], (byte)random.Next(256), .. input[Math.Min(at + 1, input.Length)..]],
            1 => [.. input[..at], .. Token(), .. input[at..]],
            2 => [.. input[..at], .. Token(), .. input[end..]],
            3 => [.. input[..at], .. input[end..]],
            4 => [.. input[..end], .. input[at..]],
            5 => input[..at],
            6 => [.. input[..at], .. other[Position(other)..]],
            7 => Repeated(input, at, end),
            8 => [.. input[..at], .. EscapedRun(), .. input[end..]],
            _ => Nested(input, at),
        };
    }

    // Mostly at structural characters, where the readers branch.
    private int Position(byte[] input)
    {
        int at = random.Next(input.Length + 1);
        int telling = random.Next(3) == 0 ? -1 : input.AsSpan(at).IndexOfAny(Telling);
        return telling < 0 ? at : at + telling + random.Next(2);
    }

    private byte[] Token() => Tokens[random.Next(Tokens.Length)];

    // Text whose length changes when it is read: an escape, and a run of one token.
    private IEnumerable<byte> EscapedRun() => "\\n"u8.ToArray().Concat(Enumerable.Repeat(Token(), random.Next(200)).SelectMany(bytes => bytes));

    private byte[] Repeated(byte[] input, int at, int end)
    {
        byte[] piece = input[at..end];
        return [.. input[..at], .. Enumerable.Repeat(piece, random.Next(40)).SelectMany(bytes => bytes), .. input[at..]];
    }

    private byte[] Nested(byte[] input, int at)
    {
        byte[] open = random.Next(2) == 0 ? "["u8.ToArray() : "{\"a\":"u8.ToArray();
        return [.. input[..at], .. Enumerable.Repeat(open, random.Next(1_200)).SelectMany(bytes => bytes), .. input[at..]];
    }
}
