using System.Diagnostics;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace StemJepa;

/// <summary>
/// One connection to a catalogue's database, whose errors are one sentence; values of statements are called @0, @1, and so on. Not
/// thread-safe.
/// </summary>
internal sealed class CatalogDatabase : IDisposable
{
    private const int LongestMessage = 160;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private readonly SqliteConnection _connection;
    private readonly string _path;

    private CatalogDatabase(string folder, string path, SqliteOpenMode mode, Action<CatalogDatabase> prepare, bool isImmutable = false)
    {
        (Folder, _path) = (folder, path);
        string full = Path.GetFullPath(_path);
        _connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = isImmutable ? $"{new Uri(full).AbsoluteUri}?immutable=1" : full,
            Mode = mode,
            Pooling = false,
            DefaultTimeout = 10,
        }.ToString());
        try
        {
            Guard(() =>
            {
                _connection.Open();
                return true;
            });
            _connection.CreateFunction(EntryCondition.UpperFunction, (string? text) => text?.ToUpperInvariant(), isDeterministic: true);
            Execute("PRAGMA trusted_schema = 0; PRAGMA cell_size_check = 1; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 0");
            prepare(this);
        }
        catch
        {
            _connection.Dispose();
            throw;
        }
    }

    internal string Folder { get; }

    /// <summary>Makes the database of an empty catalogue, whole or not at all.</summary>
    /// <exception cref="StemJepaException">It cannot be written.</exception>
    internal static void Create(string folder, ModelIdentity model, CatalogPrecision precision)
    {
        string path = CatalogFolder.Database(folder), beside = $"{path}.{Path.GetRandomFileName()}";
        try
        {
            new CatalogDatabase(folder, beside, SqliteOpenMode.ReadWriteCreate, database => CatalogSchema.Make(database, model, precision))
                .Dispose();
            File.Move(beside, path);
        }
        finally
        {
            File.Delete(beside);
        }
    }

    /// <summary>Opens a catalogue's database to read.</summary>
    /// <exception cref="StemJepaException">There is none, it is damaged, or not a catalogue's.</exception>
    internal static CatalogDatabase OpenToRead(string folder)
    {
        CatalogFolder.Require(folder);
        string path = CatalogFolder.Database(folder);
        try
        {
            return new CatalogDatabase(folder, path, SqliteOpenMode.ReadOnly, CatalogSchema.Check);
        }
        catch (StemJepaException error) when (error.InnerException is SqliteException
        {
            SqliteErrorCode: raw.SQLITE_CANTOPEN or raw.SQLITE_READONLY or raw.SQLITE_IOERR,
        } && new FileInfo(path + "-wal") is not { Exists: true, Length: > 0 })
        {
            // On a read-only file system there is no place for the log's index, and nobody who writes.
            return new CatalogDatabase(folder, path, SqliteOpenMode.ReadOnly, CatalogSchema.Check, isImmutable: true);
        }
    }

    /// <summary>Opens a catalogue's database to write, and locks it.</summary>
    /// <exception cref="StemJepaException">As for <see cref="OpenToRead"/>, or as for <see cref="Lock"/>.</exception>
    /// <exception cref="OperationCanceledException">Waiting was cancelled.</exception>
    internal static CatalogDatabase OpenToWrite(string folder, TimeSpan patience, CancellationToken cancellationToken)
    {
        CatalogFolder.Require(folder);
        return new CatalogDatabase(folder, CatalogFolder.Database(folder), SqliteOpenMode.ReadWrite, database =>
        {
            CatalogSchema.Check(database);
            database.Lock(patience, cancellationToken);
        });
    }

    /// <summary>Begins a transaction that alone may write, if nobody else has one.</summary>
    /// <exception cref="StemJepaException">Another program had one all the while.</exception>
    /// <exception cref="OperationCanceledException">Waiting was cancelled; what is free at once is taken all the same.</exception>
    internal void Lock(TimeSpan patience, CancellationToken cancellationToken)
    {
        for (var watch = Stopwatch.StartNew(); !TryLock();)
        {
            if (watch.Elapsed >= patience)
                throw new StemJepaException($"{Folder} is being written by another program: wait until it is done.",
                    StemJepaErrorKind.Access);
            cancellationToken.WaitHandle.WaitOne(Pause);
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    /// <summary>As <see cref="Lock"/>, without waiting.</summary>
    internal bool TryLock() => Guard(() =>
    {
        int code = Try("BEGIN IMMEDIATE");
        if (code is not (raw.SQLITE_BUSY or raw.SQLITE_LOCKED))
            SqliteException.ThrowExceptionForRC(code, _connection.Handle);
        return code == raw.SQLITE_OK;
    });

    /// <summary>Whether a transaction is open.</summary>
    internal bool IsLocked => raw.sqlite3_get_autocommit(_connection.Handle) == 0;

    /// <summary>Runs a statement without waiting for others, and returns its error code.</summary>
    internal int Try(string sql) => raw.sqlite3_exec(_connection.Handle, sql);

    internal void Execute(string sql, params object?[] values) => Guard(() =>
    {
        using SqliteCommand command = Command(sql, values);
        return command.ExecuteNonQuery();
    });

    internal long Number(string sql, params object?[] values) => Guard(() =>
    {
        using SqliteCommand command = Command(sql, values);
        return command.ExecuteScalar() is long number ? number : throw new FormatException("a number is missing");
    });

    internal SqliteCommand Command(string sql, params object?[] values)
    {
        SqliteCommand command = _connection.CreateCommand();
        command.CommandText = sql;
        for (int i = 0; i < values.Length; i++)
            command.Parameters.AddWithValue($"@{i}", values[i] ?? DBNull.Value);
        return command;
    }

    /// <summary>Runs a command again with other values.</summary>
    internal static void Run(SqliteCommand command, params object?[] values)
    {
        for (int i = 0; i < values.Length; i++)
            command.Parameters[i].Value = values[i] ?? DBNull.Value;
        command.ExecuteNonQuery();
    }

    /// <summary>Runs a query whose rows are many, without objects or checks for each value.</summary>
    internal void ForEach(string sql, object?[] values, Action<sqlite3_stmt> take)
    {
        using SqliteCommand command = Command(sql, values);
        using SqliteDataReader row = command.ExecuteReader();
        while (row.Read())
            take(row.Handle!);
    }

    /// <summary>Runs work on the database, and says in one sentence what is wrong with it.</summary>
    /// <exception cref="StemJepaException">It failed.</exception>
    internal T Guard<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (SqliteException error)
        {
            throw Explain(error);
        }
        catch (Exception error) when (error is InvalidOperationException and not ObjectDisposedException or InvalidCastException
            or FormatException or OverflowException or ArgumentException)
        {
            throw Damaged(error);
        }
    }

    public void Dispose() => _connection.Dispose();

    private StemJepaException Explain(SqliteException error) => error.SqliteErrorCode switch
    {
        raw.SQLITE_NOTADB =>
            new($"{_path} is not a database of a stem catalogue ({Describe(error)}): name the folder of one.", error),
        raw.SQLITE_BUSY or raw.SQLITE_LOCKED =>
            new($"{Folder} is being written by another program ({Describe(error)}): wait until it is done.", error,
                StemJepaErrorKind.Access),
        raw.SQLITE_FULL or raw.SQLITE_IOERR or raw.SQLITE_READONLY or raw.SQLITE_CANTOPEN or raw.SQLITE_PERM =>
            new($"Cannot use {_path}: {Describe(error)}; choose a folder that is readable and writable and has space.", error,
                StemJepaErrorKind.Access),
        _ => Damaged(error),
    };

    private StemJepaException Damaged(Exception error) =>
        new($"{_path} is damaged ({Describe(error)}): {CatalogFolder.Advice}.", error);

    /// <summary>Not too long: SQLite quotes whole statements, of which a damaged file decides.</summary>
    private static string Describe(Exception error) =>
        error.Message.Length <= LongestMessage ? error.Message.TrimEnd('.') : error.Message[..LongestMessage] + "...";
}
