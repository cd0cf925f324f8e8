using System.Diagnostics;
using KooDrive.Jobs.Streams.Http.Reading;
using KooDrive.Jobs.Streams.Watching.Checkpoints;

namespace KooDrive.Jobs.Streams.Tests.Fuzzing;

/// <summary>Runs rounds, each with an input for each reader. The seed of a round repeats it.</summary>
internal static class Fuzzer
{
    /// <summary>Runs rounds for a time, starting with <paramref name="seed"/>, and at least <paramref name="minRounds"/> rounds.</summary>
    /// <returns>The number of rounds.</returns>
    /// <exception cref="FuzzException">A reader violated a guarantee or does not return. The message has the seed of the round and the input.</exception>
    public static async Task<int> RunAsync(
        int seed, TimeSpan time, int minRounds, Action<byte[], LearningReader>? page = null, TimeSpan? patience = null)
    {
        int rounds = 0;
        Task playing = Task.Factory.StartNew(Play, TestContext.Current.CancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        while (!playing.IsCompleted)
        {
            // A round takes about a millisecond.
            int before = Volatile.Read(ref rounds);
            using var end = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
            if (await Task.WhenAny(playing, Task.Delay(patience ?? TimeSpan.FromMinutes(1), end.Token)) != playing && Volatile.Read(ref rounds) == before)
            {
                throw new FuzzException($"Seed {unchecked(seed + before)} does not come to an end.", null);
            }

            await end.CancelAsync();
        }

        await playing;
        return rounds;

        void Play()
        {
            long startedAt = Stopwatch.GetTimestamp();
            var learning = new LearningReader(default);
            while (rounds < minRounds || Stopwatch.GetElapsedTime(startedAt) < time)
            {
                // Some servers change, and the layout learned before must not change the result.
                learning = rounds % 50 == 0 ? new LearningReader(default) : learning;
                Round(unchecked(seed + rounds), learning, page ?? FuzzTargets.Page);
                Volatile.Write(ref rounds, rounds + 1);
            }
        }
    }

    private static void Round(int seed, LearningReader learning, Action<byte[], LearningReader> page)
    {
        var random = new Random(seed);
        var mutator = new Mutator(random);

        // The whole one first, to be learned from.
        byte[] whole = Pick(random, Corpus.Pages);
        Try(seed, whole, input => page(input, learning));
        Try(seed, mutator.Mutate(whole, Pick(random, Corpus.Pages)), input => page(input, learning));
        Try(seed, mutator.Mutate(Pick(random, Corpus.Errors), whole), FuzzTargets.Error);
        Try(seed, mutator.Mutate(ResumePoint, ResumePoint), input => FuzzTargets.ResumePointText(FuzzTargets.Signed(input)));
        Try(seed, mutator.Mutate(ResumePoint, whole), input => FuzzTargets.ResumePointText("v1." + System.Text.Encoding.Latin1.GetString(input)));
        Try(seed, mutator.Mutate(Checkpoint, Checkpoint), input => FuzzTargets.Checkpoint(FuzzTargets.SignedCheckpoint(input)));
        Try(seed, mutator.Mutate(CheckpointFormat.Write(Corpus.Checkpoint), whole), FuzzTargets.Checkpoint);
    }

    private static byte[] ResumePoint { get; } = Payload(Corpus.ResumePoint.ToString());

    private static byte[] Checkpoint { get; } = Body(CheckpointFormat.Write(Corpus.Checkpoint));

    private static byte[] Payload(string text) => System.Buffers.Text.Base64Url.DecodeFromChars(text.AsSpan(3))[..^4];

    private static byte[] Body(byte[] checkpoint) => checkpoint[(Array.IndexOf(checkpoint, (byte)'\n') + 1)..];

    private static byte[] Pick(Random random, IReadOnlyList<byte[]> inputs) => inputs[random.Next(inputs.Count)];

    private static void Try(int seed, byte[] input, Action<byte[]> target)
    {
        try
        {
            FuzzTargets.Bounded(input.Length, () => target(input));
        }
        catch (Exception failure)
        {
            // Every exception is a finding, because the targets catch the documented exceptions.
            throw new FuzzException($"Seed {seed}, input {Convert.ToBase64String(input)}: {failure.Message}", failure);
        }
    }
}

/// <summary>A finding of the fuzzer.</summary>
internal sealed class FuzzException(string message, Exception? innerException) : Exception(message, innerException);
