using KooDrive.Jobs.Streams;
using Microsoft.Data.Sqlite;

// Arguments: the endpoint, the user id, the access token and the database file. Writes a line at each point at which the test may kill the process.
using var client = new JobsClient(new JobsClientOptions { Endpoint = new Uri(args[0]), UserId = args[1] }, new AccessTokenCredential(args[2]));
await using JobWatch watch = client.WatchJobs(new JobWatchOptions { PollInterval = TimeSpan.FromSeconds(0.1), MinPollInterval = TimeSpan.FromSeconds(0.1), Jitter = 0 });
await using var database = new SqliteConnection($"Data Source={args[3]}");
await database.OpenAsync();
await using var outcomes = new OutcomeTable(database);
await watch.ProcessAsync(outcomes.HandleAsync, outcomes, new JobProcessingOptions { MaxSaveRetries = 0 });

/// <summary>Writes the outcome of each job, and commits it together with the checkpoint.</summary>
internal sealed class OutcomeTable(SqliteConnection database) : IJobCheckpointStore, IAsyncDisposable
{
    private SqliteTransaction? _transaction;

    public async ValueTask HandleAsync(JobEvent next, CancellationToken cancellationToken)
    {
        if (next is JobListed { Job.IsFinished: true } or JobChange { JustFinished: true })
        {
            Job job = next is JobListed listed ? listed.Job : ((JobChange)next).Job;
            await ExecuteAsync("insert into outcomes (task_id, result) values ($first, $second)", job.TaskId, (int?)job.Result, cancellationToken);
            Console.WriteLine("handled");
        }
    }

    public async ValueTask<ReadOnlyMemory<byte>?> LoadAsync(CancellationToken cancellationToken)
    {
        await using SqliteCommand command = database.CreateCommand();
        command.CommandText = "select document from checkpoint";
        return await command.ExecuteScalarAsync(cancellationToken) is byte[] document ? document : null;
    }

    public async ValueTask SaveAsync(ReadOnlyMemory<byte> checkpoint, CancellationToken cancellationToken)
    {
        await ExecuteAsync("insert or replace into checkpoint (id, document) values ($first, $second)", 1, checkpoint.ToArray(), cancellationToken);
        Console.WriteLine("saving");
        await _transaction!.CommitAsync(cancellationToken);
        _transaction = null;
        Console.WriteLine("saved");
    }

    public ValueTask DisposeAsync() => _transaction?.DisposeAsync() ?? ValueTask.CompletedTask;

    private async Task ExecuteAsync(string sql, object first, object? second, CancellationToken cancellationToken)
    {
        _transaction ??= (SqliteTransaction)await database.BeginTransactionAsync(cancellationToken);
        await using SqliteCommand command = database.CreateCommand();
        (command.CommandText, command.Transaction) = (sql, _transaction);
        command.Parameters.AddWithValue("$first", first);
        command.Parameters.AddWithValue("$second", second ?? DBNull.Value);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
