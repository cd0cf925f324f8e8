using System.Globalization;
using KooDrive.Jobs.Streams.Emulator;
using Microsoft.Data.Sqlite;

namespace KooDrive.Jobs.Streams.Tests.Watching;

/// <summary>
/// A process that commits what its handler wrote together with the checkpoint, killed again and again. KOODRIVE_KILLS is the number of times (default 3).
/// </summary>
public class DatabaseWatchTests
{
    [Fact(Timeout = 600_000)]
    public async Task ProcessAsync_writes_each_outcome_exactly_once_when_the_process_is_killed()
    {
        int kills = int.Parse(Environment.GetEnvironmentVariable("KOODRIVE_KILLS") ?? "3", CultureInfo.InvariantCulture);
        var random = new Random(1);
        var account = new JobsEmulatorOptions();
        DirectoryInfo folder = Directory.CreateTempSubdirectory("koodrive-database-");
        string file = Path.Combine(folder.FullName, "outcomes.db");
        await using var database = new SqliteConnection($"Data Source={file};Pooling=False");
        await database.OpenAsync(TestContext.Current.CancellationToken);
        await ExecuteAsync("pragma journal_mode = wal; create table outcomes (task_id text, result integer); create table checkpoint (id integer primary key, document blob)");
        await using JobsEmulator emulator = await JobsEmulator.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        List<string> running = [];
        HashSet<string> finished = [];

        for (int life = 0; life <= kills; life++)
        {
            using var process = new ProgramProcess(
                "KooDrive.Jobs.Streams.DatabaseWatch", emulator.Endpoint.ToString(), account.UserId, account.AccessToken, file);
            int lines = life < kills ? random.Next(8) : int.MaxValue;
            for (int line = 0; line < lines; line++)
            {
                if (line < 6)
                {
                    AddAndFinish();
                }

                string? text = await process.Output.ReadLineAsync(TestContext.Current.CancellationToken);
                Assert.True(text is not null, text is null ? (await process.WaitForExitAsync(TestContext.Current.CancellationToken)).Error : "");
                if (life == kills && text == "saved" && await CountAsync("select count(*) from outcomes") >= finished.Count)
                {
                    break;
                }
            }

            // A reader that stops here leaves the process at any point after the last line.
            process.Kill();
        }

        List<string> written = await ReadAsync("select task_id || ' ' || coalesce(result, 'none') from outcomes order by rowid");
        Assert.Equal(finished.Select(taskId => $"{taskId} 1").Order(), written.Order());
        await database.CloseAsync();
        folder.Delete(recursive: true);

        void AddAndFinish()
        {
            running.Add(emulator.Jobs.Add(taskType: 2).TaskId);
            while (running.Count > random.Next(6))
            {
                string taskId = running[random.Next(running.Count)];
                emulator.Jobs.Finish(taskId);
                running.Remove(taskId);
                finished.Add(taskId);
            }
        }

        async Task ExecuteAsync(string sql)
        {
            await using SqliteCommand command = database.CreateCommand();
            command.CommandText = sql;
            await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }

        async Task<List<string>> ReadAsync(string sql)
        {
            await using SqliteCommand command = database.CreateCommand();
            command.CommandText = sql;
            await using SqliteDataReader reader = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
            List<string> rows = [];
            while (await reader.ReadAsync(TestContext.Current.CancellationToken))
            {
                rows.Add(reader.GetString(0));
            }

            return rows;
        }

        async Task<int> CountAsync(string sql)
        {
            await using SqliteCommand command = database.CreateCommand();
            command.CommandText = sql;
            return Convert.ToInt32(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken), CultureInfo.InvariantCulture);
        }
    }
}
