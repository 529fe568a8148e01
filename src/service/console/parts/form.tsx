import type { Child, Html } from '../../hono.ts'
import type { Visit } from '../visit.ts'

export const tokenField = 'form_token'

export const HiddenToken = ({ visit }: { readonly visit: Visit }): Html => (
  <input type="hidden" name={tokenField} value={visit.formToken} />
)

/** A text to type. What was typed stays where it was refused, with the reason beside it. */
export const TextField = ({
  id,
  name,
  label,
  help,
  value,
  placeholder,
  error,
}: {
  readonly id: string
  readonly name: string
  readonly label: string
  readonly help: Child
  readonly value: string
  readonly placeholder: string
  readonly error: string | null
}): Html => (
  <div class="field">
    <label for={id}>{label}</label>
    <p class="help" id={`${id}-help`}>
      {help}
    </p>
    <input
      type="text"
      id={id}
      name={name}
      value={value}
      placeholder={placeholder}
      autocomplete="off"
      autocapitalize="none"
      spellcheck={false}
      required
      maxlength={1024}
      aria-describedby={error === null ? `${id}-help` : `${id}-help ${id}-error`}
      aria-invalid={error === null ? undefined : 'true'}
      autofocus={error !== null}
    />
    {error === null ? null : (
      <p class="error" id={`${id}-error`} role="alert">
        {error}
      </p>
    )}
  </div>
)

/** One of several, each with what it means. */
export const Choices = ({
  legend,
  name,
  chosen,
  choices,
}: {
  readonly legend: string
  readonly name: string
  readonly chosen: string
  readonly choices: readonly { readonly value: string; readonly name: string; readonly what: string }[]
}): Html => (
  <fieldset>
    <legend>{legend}</legend>
    <div class="choices">
      {choices.map(({ value, name: title, what }) => (
        <div class="choice">
          <input
            type="radio"
            id={`${name}-${value}`}
            name={name}
            value={value}
            checked={value === chosen}
            aria-describedby={`${name}-${value}-what`}
          />
          <label for={`${name}-${value}`}>{title}</label>
          <p id={`${name}-${value}-what`}>{what}</p>
        </div>
      ))}
    </div>
  </fieldset>
)
