// QuickJS has no Intl. The temporal library looks for a formatter when a named zone is used: here every named zone is
// refused, so that only UTC and fixed offsets ("+08:00"), which need no zone tables, can ever be computed with.
class DateTimeFormat {
  constructor(_locale, options) {
    if (options?.timeZone && options.timeZone !== 'UTC') throw new RangeError(`no zone tables: ${options.timeZone}`);
  }
  formatToParts() { throw new RangeError('no zone tables'); }
  format() { throw new RangeError('no zone tables'); }
  resolvedOptions() { return { timeZone: 'UTC', locale: 'zh' }; }
}
globalThis.Intl = { DateTimeFormat };
