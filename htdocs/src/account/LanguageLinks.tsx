import { sentenceOf } from '../api/problem';
import { languages, type Language } from '../i18n/language';
import { setLanguage, useLanguage } from '../stores/language';

/** The languages by their own names, for views without a menu. */
export function LanguageLinks() {
  const spoken = useLanguage((state) => state.spoken);
  const choose = (language: Language): void => {
    setLanguage(language).catch(async (error: unknown) => (await import('sonner')).toast.error(sentenceOf(error)));
  };
  return (
    <p className="mt-8 flex flex-wrap justify-center gap-x-2 gap-y-1 text-sm">
      {(Object.keys(languages) as Language[]).map((language) => (
        <button
          key={language}
          type="button"
          lang={language}
          aria-pressed={language === spoken}
          onClick={() => choose(language)}
          className="rounded-md px-2 py-1 text-soft aria-pressed:font-medium aria-pressed:text-ink not-aria-pressed:hover:underline"
        >
          {languages[language]}
        </button>
      ))}
    </p>
  );
}
